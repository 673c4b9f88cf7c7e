import { describe, expect, it } from "vitest";
import { createMarketData } from "../../../shared/adapters/gateway/market-data.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { createMemoryAlerts } from "../../../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import { err, ok } from "../../../shared/domain/result.ts";
import type { VendorMarketData } from "../../../shared/ports/market-data.ts";
import { Configuration } from "../../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../../shared/runtime/configuration-settings.ts";
import { ELEVEN_MS, snapshotOf, tickers, truePrice } from "./fake-vendors.ts";
import { createVirtualTime } from "./virtual-time.ts";

const MINUTE_MS = 60_000;
const SYMBOLS = tickers(3);

type Manner = "well" | "hangs" | "fails" | "drifted" | "throws";

/** Two environments of one Region that share breakers, and vendors that one can make ill. */
const openRegion = (flags: Readonly<Record<string, unknown>> = {}) => {
  const time = createVirtualTime(ELEVEN_MS);
  const asked: string[] = [];
  const manners = new Map<AskedVendor, Manner>();
  const illSymbols = new Set<string>();
  const indexAfterMs = new Map<AskedVendor, number>();
  const market = { volume: 1_000, volatility: 18 };
  const barOf = (symbol: Ticker) => {
    const price = truePrice(symbol) as Price;
    const startsAtMs = Math.floor(time.clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    const { volume } = market;
    return { symbol, open: price, high: price, low: price, close: price, volume, startsAtMs };
  };
  const vendorOf = (vendor: AskedVendor, symbolsPerRequest = 100): VendorMarketData => ({
    vendor,
    symbolsPerRequest,
    fetchSnapshots: async (symbols) => {
      asked.push(
        ...(symbolsPerRequest === 1 ? symbols.map((one) => `${vendor}.${one}`) : [vendor]),
      );
      const manner = manners.get(vendor) ?? "well";
      if (manner === "hangs") return new Promise(() => undefined);
      if (manner === "throws") throw new TypeError("Cannot read properties of undefined.");
      await time.wait(10);
      const fault = { type: "VendorFault", vendor, class: "NETWORK", detail: "503" } as const;
      if (manner === "fails") return err(fault);
      if (manner === "drifted") return err({ ...fault, class: "SCHEMA_ERROR", detail: "bp: gone" });
      return ok({
        snapshots: symbols
          .filter((symbol) => !illSymbols.has(symbol))
          .map((symbol) => ({
            ...snapshotOf(vendor, symbol, truePrice(symbol), time.clock.nowMs() - 500),
            minuteBar: barOf(symbol),
          })),
        missing: [],
        failed: symbols
          .filter((symbol) => illSymbols.has(symbol))
          .map((symbol) => ({ symbol, fault })),
      });
    },
    fetchVolatilityIndex: async () => {
      asked.push(`${vendor}.vix`);
      if (manners.get(vendor) === "hangs") return new Promise(() => undefined);
      await time.wait(indexAfterMs.get(vendor) ?? 0);
      return ok(vendor === "polygon" ? market.volatility : undefined);
    },
  });
  const store = createMemoryItemStore();
  const alerts = createMemoryAlerts();
  const settings = toSettings(Configuration.parse({ version: 1, symbols: [...SYMBOLS], flags }), {
    mode: "sim",
    region: "local",
  });
  const telemetry = createStoredTelemetry(store, { region: "local" });
  const openEnvironment = () =>
    createMarketData({
      ...time,
      vendors: {
        alpaca: vendorOf("alpaca"),
        polygon: vendorOf("polygon"),
        yahoo: vendorOf("yahoo", 1),
        tiingo: vendorOf("tiingo"),
      },
      random: createSeededRandom(1),
      settings,
      telemetry,
      breakers: createStoredBreakerRecords(store, { region: "local" }),
      alerts,
    });
  const poll = async (environment: ReturnType<typeof openEnvironment>, restMs = MINUTE_MS) => {
    asked.length = 0;
    const startedAtMs = time.clock.nowMs();
    const answer = await time.run(environment.fetchSnapshots(SYMBOLS));
    const tookMs = time.clock.nowMs() - startedAtMs;
    await time.run(environment.tend?.() ?? Promise.resolve());
    await time.run(time.wait(restMs));
    return { asked: [...asked], answer, tookMs };
  };
  let told = 0;
  /** What was published since the last look. */
  const news = () => {
    const fresh = alerts.published().slice(told);
    told += fresh.length;
    return fresh.map(({ key, action }) => [key, action]);
  };
  return {
    openEnvironment,
    poll,
    time,
    manners,
    illSymbols,
    indexAfterMs,
    market,
    news,
    alerts,
    telemetry,
  };
};

/** How often a failing vendor is asked before its breaker opens, after a change of the market. */
const failuresUntilOpen = async (
  change: (region: ReturnType<typeof openRegion>) => void,
): Promise<number> => {
  const region = openRegion({ vendorScores: { percent: 0 } });
  const environment = region.openEnvironment();
  for (let minute = 0; minute < 15; minute++) await region.poll(environment);
  change(region);
  await region.poll(environment);
  region.manners.set("alpaca", "fails");
  let failures = 0;
  while ((await region.poll(environment, 1_000)).asked.includes("alpaca")) failures += 1;
  return failures;
};

const traded = (factor: number) => (region: ReturnType<typeof openRegion>) => {
  region.market.volume *= factor;
};

describe("market data of all vendors", () => {
  it("costs two requests a minute, and in five minutes one for the volatility index and one for each reserve", async () => {
    const region = openRegion();
    const environment = region.openEnvironment();
    const counts: number[] = [];
    for (let minute = 0; minute < 10; minute++) {
      counts.push((await region.poll(environment)).asked.length);
    }
    // Alpaca is asked for the index before Polygon, which has it; Yahoo and Tiingo stand in
    // reserve.
    expect(counts).toEqual([6, 2, 2, 2, 2, 6, 2, 2, 2, 2]);
  });

  it("opens a hanging vendor's breaker, and spares other environments the wait", async () => {
    const region = openRegion({ vendorScores: { percent: 0 } });
    const [first, second] = [region.openEnvironment(), region.openEnvironment()];
    region.manners.set("alpaca", "hangs");
    const waits: number[] = [];
    for (let time = 0; time < 6; time++) waits.push((await region.poll(first, 6_000)).tookMs);
    expect(waits.slice(0, 5).every((ms) => ms >= 60 && ms <= 100)).toBe(true);
    expect(waits.at(-1)).toBeLessThan(50);
    const other = await region.poll(second, 6_000);
    expect(other.asked).not.toContain("alpaca");
    expect(other.answer.ok).toBe(true);
  });

  it("bears eight failures in a row instead of five while the market trades thrice as much (E2)", async () => {
    expect(await failuresUntilOpen(traded(1))).toBe(5);
    expect(await failuresUntilOpen(traded(20))).toBe(8);
  });

  it("learns of a volatile market from whoever answers, however late and whoever hangs (E2)", async () => {
    const volatile = (region: ReturnType<typeof openRegion>): void => {
      region.market.volatility = 31;
    };
    expect(await failuresUntilOpen(volatile)).toBe(10);
    const late = await failuresUntilOpen((region) => {
      volatile(region);
      region.indexAfterMs.set("polygon", 600);
    });
    expect(late).toBe(10);
    const region = openRegion();
    region.manners.set("alpaca", "hangs");
    const { asked, tookMs } = await region.poll(region.openEnvironment());
    expect(asked).toContain("polygon.vix");
    expect(tookMs).toBeLessThanOrEqual(300);
  });

  it("waits for no store and for nobody's alerts before its data are published", async () => {
    const region = openRegion({ vendorScores: { percent: 0 } });
    const environment = region.openEnvironment();
    await region.poll(environment);
    region.manners.set("alpaca", "fails");
    for (let minute = 0; minute < 8; minute++) {
      const before = region.alerts.published().length;
      await region.time.run(environment.fetchSnapshots(SYMBOLS));
      expect(region.alerts.published()).toHaveLength(before);
      await region.time.run(environment.tend!());
      await region.time.run(region.time.wait(MINUTE_MS));
    }
    expect(region.news()).toEqual([["breaker-alpaca.snapshots", "trigger"]]);
  });

  it("goes on with the others where the reader of one throws, and says so", async () => {
    const region = openRegion({ vendorScores: { percent: 0 } });
    region.manners.set("alpaca", "throws");
    const environment = region.openEnvironment();
    const { answer } = await region.poll(environment);
    expect(answer.ok && answer.value.snapshots).toHaveLength(SYMBOLS.length);
    expect(region.alerts.published()).toMatchObject([
      {
        key: "contract-alpaca",
        action: "trigger",
        summary: expect.stringContaining("could not be read (TypeError)"),
      },
    ]);
  });

  it("tells people when a breaker opens, and when it has closed again", async () => {
    const region = openRegion({ vendorScores: { percent: 0 } });
    const environment = region.openEnvironment();
    region.manners.set("alpaca", "fails");
    for (let minute = 0; minute < 8; minute++) await region.poll(environment);
    expect(region.alerts.published().map(({ key, action }) => [key, action])).toEqual([
      ["breaker-alpaca.snapshots", "trigger"],
    ]);
    region.manners.set("alpaca", "well");
    for (let minute = 0; minute < 20; minute++) await region.poll(environment);
    expect(region.alerts.published().at(-1)).toMatchObject({
      key: "breaker-alpaca.snapshots",
      action: "resolve",
    });
  });

  it("tells of every outage and of its end, whichever environment met it", async () => {
    const region = openRegion({ vendorScores: { percent: 0 } });
    const [first, second] = [region.openEnvironment(), region.openEnvironment()];
    const pollBy = async (environment: typeof first, minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute++) await region.poll(environment);
    };
    const triggered = ["breaker-alpaca.snapshots", "trigger"];
    const resolved = ["breaker-alpaca.snapshots", "resolve"];
    // One meets the first outage and the other its end; then the other way round.
    for (const [meets, ends] of [
      [first, second],
      [first, second],
      [second, first],
    ] as const) {
      region.manners.set("alpaca", "fails");
      await pollBy(meets, 6);
      expect(region.news()).toEqual([triggered]);
      region.manners.set("alpaca", "well");
      await pollBy(ends, 20);
      expect(region.news()).toEqual([resolved]);
      await pollBy(meets, 40);
    }
  });

  it("stops asking for a symbol that always fails alone, and goes on with the others (B1)", async () => {
    const region = openRegion();
    const environment = region.openEnvironment();
    region.manners.set("polygon", "fails");
    const [ill = ""] = SYMBOLS;
    region.illSymbols.add(ill);
    const asked: string[] = [];
    for (let minute = 0; minute < 20; minute++) {
      asked.push(...(await region.poll(environment)).asked);
    }
    const count = (symbol: string | undefined): number =>
      asked.filter((one) => one === `yahoo.${symbol}`).length;
    // Five until its breaker opens, and then a probe now and again, further and further apart.
    expect(count(ill)).toBeLessThanOrEqual(9);
    expect(count(SYMBOLS[1])).toBeGreaterThanOrEqual(20);
  });

  it("closes the breaker of a vendor that nobody needs by probes of its own", async () => {
    const region = openRegion({ vendorScores: { percent: 0 } });
    const environment = region.openEnvironment();
    region.manners.set("tiingo", "fails");
    const outcomes: (string | undefined)[] = [];
    const pollFor = async (minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute++) {
        const { answer } = await region.poll(environment);
        const reports = answer.ok ? (answer.value.vendors ?? []) : [];
        outcomes.push(reports.find(({ vendor }) => vendor === "tiingo")?.outcome.type);
      }
    };
    await pollFor(8);
    expect(outcomes).toContain("refused");
    expect(region.alerts.published().map(({ key, action }) => [key, action])).toContainEqual([
      "breaker-tiingo.snapshots",
      "trigger",
    ]);
    region.manners.set("tiingo", "well");
    await pollFor(8);
    expect(outcomes.at(-1)).toBe("notNeeded");
    expect(region.alerts.published().at(-1)).toMatchObject({
      key: "breaker-tiingo.snapshots",
      action: "resolve",
    });
  });

  it("warns at once of a contract that changed, a reserve's too, and trades on with the others (S3)", async () => {
    const region = openRegion();
    region.manners.set("yahoo", "drifted");
    const environment = region.openEnvironment();
    const { answer } = await region.poll(environment);
    await region.poll(environment);
    expect(answer.ok && answer.value.snapshots).toHaveLength(SYMBOLS.length);
    expect(region.alerts.published()).toMatchObject([
      {
        key: "contract-yahoo",
        action: "trigger",
        severity: "warning",
        summary: "yahoo does not answer as agreed: SCHEMA_ERROR, bp: gone",
      },
    ]);
    region.manners.set("yahoo", "well");
    await region.poll(environment);
    await region.poll(environment);
    expect(region.alerts.published().slice(1)).toMatchObject([
      { key: "contract-yahoo", action: "resolve" },
    ]);
  });

  it("ends the warning of an environment that is gone, as after a key was replaced", async () => {
    const region = openRegion();
    region.manners.set("yahoo", "drifted");
    await region.poll(region.openEnvironment());
    const [warning] = region.alerts.published();
    // What is told is kept by the way to people.
    await region.telemetry.recordAlert({ alert: warning!, toldAtMs: 1, beganAtMs: 1 });
    region.manners.set("yahoo", "well");
    region.news();
    const next = region.openEnvironment();
    for (let minute = 0; minute < 10; minute++) await region.poll(next);
    expect(region.news()).toEqual([["contract-yahoo", "resolve"]]);
  });

  it("does without a feature that was rolled back", async () => {
    const trial = { hedgedReads: { percent: 99.99 } };
    const region = openRegion(trial);
    region.manners.set("alpaca", "hangs");
    const hedged = await region.poll(region.openEnvironment());
    expect(hedged.tookMs).toBeLessThanOrEqual(100);
    await region.telemetry.recordRollbacks([
      { flag: "hedgedReads", atMs: 1, percent: 99.99, reason: "It was worse." },
    ]);
    const plain = await region.poll(region.openEnvironment());
    expect(plain.tookMs).toBeGreaterThan(1_000);
    expect(plain.answer.ok).toBe(true);
  });
});
