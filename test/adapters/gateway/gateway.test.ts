import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isConfirmed } from "../../../shared/domain/market/quote.ts";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import {
  DEFAULT_VALIDATION_POLICY,
  validateSnapshot,
} from "../../../shared/domain/market/validate-quote.ts";
import type { SnapshotAnswer } from "../../../shared/ports/market-data.ts";
import {
  openMarket,
  policy,
  tickers,
  truePrice,
  type Behaviour,
  type FakeMarket,
} from "./fake-vendors.ts";

const MINUTE_MS = 60_000;

const poll = async (market: FakeMarket, symbols = tickers(20)) => {
  const startedAtMs = market.time.clock.nowMs();
  market.asked.length = 0;
  const answer = await market.time.run(market.gateway.fetchSnapshots(symbols));
  const tookMs = market.time.clock.nowMs() - startedAtMs;
  return { answer, tookMs, vendors: market.asked.map(({ vendor }) => vendor) };
};

const must = ({ answer }: Awaited<ReturnType<typeof poll>>): SnapshotAnswer => {
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
};

/** What validation makes of an answer, as polling does. */
const judge = (market: FakeMarket, { snapshots, witnesses = [] }: SnapshotAnswer) =>
  snapshots.map((snapshot) =>
    validateSnapshot(
      snapshot,
      undefined,
      market.time.clock.nowMs(),
      DEFAULT_VALIDATION_POLICY,
      witnesses.filter(({ symbol }) => symbol === snapshot.symbol),
    ),
  );

const confirmed = (market: FakeMarket, answer: SnapshotAnswer): number =>
  judge(market, answer).filter((verdict) => verdict.accepted && isConfirmed(verdict.quote)).length;

const behaviours: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({ type: fc.constant("answers" as const), afterMs: fc.nat(200) }),
  fc.record({ type: fc.constant("fails" as const), afterMs: fc.nat(200) }),
  fc.constant<Behaviour>({ type: "hangs" }),
  fc.constant<Behaviour>({ type: "refused" }),
  fc.constant<Behaviour>({ type: "stale" }),
  fc.subarray([...tickers(20)]).map((symbols): Behaviour => ({ type: "misses", symbols })),
);

describe("the gateway", () => {
  it("asks two independent vendors once each: 2 requests a minute for 100 symbols", async () => {
    const market = openMarket();
    for (let minute = 0; minute < 5; minute++) {
      const polled = await poll(market, tickers(100));
      expect(market.asked.map(({ vendor, requests }) => [vendor, requests])).toEqual([
        ["alpaca", 1],
        ["polygon", 1],
      ]);
      expect(confirmed(market, must(polled))).toBe(100);
      await market.time.run(market.time.wait(MINUTE_MS));
    }
  });

  it("asks one vendor where the configuration says that one is enough", async () => {
    const market = openMarket({ vendorsToAgree: 1 });
    expect((await poll(market)).vendors).toEqual(["alpaca"]);
  });

  it.each<[string, AskedVendor, Behaviour, readonly AskedVendor[], number]>([
    ["fails", "alpaca", { type: "fails", afterMs: 3 }, ["alpaca", "polygon", "tiingo"], 50],
    [
      "is refused by its breaker",
      "alpaca",
      { type: "refused" },
      ["alpaca", "polygon", "tiingo"],
      50,
    ],
    ["hangs", "alpaca", { type: "hangs" }, ["alpaca", "polygon", "tiingo"], 100],
    ["is stale", "alpaca", { type: "stale" }, ["alpaca", "polygon", "tiingo"], 50],
    ["fails", "polygon", { type: "fails", afterMs: 3 }, ["alpaca", "polygon", "yahoo"], 50],
    ["hangs", "polygon", { type: "hangs" }, ["alpaca", "polygon", "yahoo"], 100],
  ])("finds two others at once when one %s (%s)", async (_name, vendor, how, asked, withinMs) => {
    const market = openMarket();
    market.behave(vendor, how);
    const polled = await poll(market);
    expect(polled.vendors).toEqual(asked);
    expect(polled.tookMs).toBeLessThanOrEqual(withinMs);
    expect(confirmed(market, must(polled))).toBe(20);
    const wasLeft = market.asked.find((one) => one.vendor === vendor)?.isAborted;
    expect(wasLeft).toBe(how.type === "hangs");
  });

  it("never takes Tiingo for a confirmation of Alpaca's IEX feed", async () => {
    const market = openMarket();
    market.behave("polygon", { type: "fails", afterMs: 1 });
    market.behave("yahoo", { type: "fails", afterMs: 1 });
    const polled = await poll(market);
    expect(polled.vendors).not.toContain("tiingo");
    expect(must(polled).snapshots).toHaveLength(20);
    expect(confirmed(market, must(polled))).toBe(0);
  });

  it("asks a third vendor who is right, and holds it against the odd one out", async () => {
    const market = openMarket();
    market.behave("alpaca", { type: "answers", afterMs: 12, factor: 1.03 });
    const first = await poll(market);
    expect(first.vendors).toEqual(["alpaca", "polygon", "tiingo"]);
    for (const verdict of judge(market, must(first))) {
      if (!verdict.accepted) throw new Error("Two agree.");
      expect(verdict.quote.mid).toBe(truePrice(verdict.quote.symbol));
      expect(verdict.odd).toEqual(["alpaca"]);
    }
    expect((await poll(market)).vendors.slice(0, 2)).toEqual(["polygon", "tiingo"]);
  });

  it("keeps to the configured order where the flag for scores is off", async () => {
    const market = openMarket({ isOn: () => false });
    market.behave("alpaca", { type: "answers", afterMs: 12, factor: 1.03 });
    await poll(market);
    expect((await poll(market)).vendors.slice(0, 2)).toEqual(["alpaca", "polygon"]);
  });

  it("asks beside a slow vendor within a budget, however long it is slow, and leaves nobody waiting", async () => {
    // By scores it would not be asked first any more.
    const market = openMarket({ isOn: (flag) => flag === "hedgedReads" });
    market.behave("alpaca", { type: "answers", afterMs: 500 });
    let [requests, hedges] = [0, 0];
    for (let minute = 0; minute < 280; minute++) {
      const { vendors } = await poll(market);
      requests += vendors.length;
      hedges += vendors.length - 2;
      // Whoever had not answered when the others were enough was told so.
      const isLeft = market.asked.map(({ vendor, isAborted }) => vendor === "alpaca" && isAborted);
      expect(isLeft.some(Boolean)).toBe(vendors.length > 2);
      await market.time.run(market.time.wait(MINUTE_MS));
    }
    // Ten at once, and then one for twenty.
    expect(hedges).toBeGreaterThan(10);
    expect(hedges).toBeLessThanOrEqual(10 + requests * 0.05);
  });

  it("has a share of the polls try what is switched on for a share, of one shard too", async () => {
    const subjects: string[] = [];
    const market = openMarket({
      isOn: (_flag, subject) => {
        subjects.push(subject);
        return true;
      },
    });
    for (let minute = 0; minute < 3; minute++) {
      await poll(market);
      await market.time.run(market.time.wait(MINUTE_MS));
    }
    expect(new Set(subjects).size).toBe(3);
  });

  it("asks a vendor of single symbols for a bounded number, another part each time", async () => {
    const market = openMarket();
    market.behave("polygon", { type: "refused" });
    const symbols = tickers(100);
    const first = await poll(market, symbols);
    const asked = market.asked.find(({ vendor }) => vendor === "yahoo")?.symbols ?? [];
    expect(asked).toHaveLength(policy.symbolRequestsMax);
    expect(confirmed(market, must(first))).toBe(policy.symbolRequestsMax);
    await poll(market, symbols);
    const next = market.asked.find(({ vendor }) => vendor === "yahoo")?.symbols ?? [];
    expect(next.filter((symbol) => asked.includes(symbol))).toEqual([]);
  });

  it("keeps to a vendor's quota", async () => {
    const market = openMarket();
    market.behave("polygon", { type: "refused" });
    for (let time = 0; time < 4; time++) await poll(market, tickers(100));
    expect(market.asked.map(({ vendor }) => vendor)).not.toContain("yahoo");
    await market.time.run(market.time.wait(MINUTE_MS));
    expect((await poll(market, tickers(100))).vendors).toContain("yahoo");
  });

  it("counts no request against a quota where a breaker kept it from being sent", async () => {
    const market = openMarket();
    market.behave("alpaca", { type: "refused" });
    market.behave("yahoo", { type: "fails", afterMs: 1 });
    const left = must(await poll(market)).vendors?.map(({ vendor, measures }) => [
      vendor,
      measures.requestsPerMinute - measures.requestsLeft,
    ]);
    expect(Object.fromEntries(left ?? [])).toEqual({ alpaca: 0, polygon: 1, yahoo: 0, tiingo: 1 });
  });

  it("is a fault when nobody answers in three rounds, which is never an empty answer", async () => {
    const market = openMarket();
    for (const vendor of policy.vendors) market.behave(vendor, { type: "fails", afterMs: 5 });
    const polled = await poll(market);
    expect(polled.answer).toMatchObject({ ok: false, error: { class: "NETWORK" } });
    expect(polled.vendors).toHaveLength(3 * policy.vendors.length);
    expect(polled.tookMs).toBeGreaterThan(1_000);
  });

  it("takes the volatility index from whoever has it", async () => {
    const market = openMarket();
    const asking = market.gateway.fetchVolatilityIndex();
    expect(await market.time.run(asking)).toEqual({ ok: true, value: 17.5 });
  });

  it("ends in time, asks each vendor once and tells of each symbol once, whatever they do", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(behaviours, behaviours, behaviours, behaviours),
        fc.boolean(),
        async (hows, isOn) => {
          const market = openMarket({ isOn: () => isOn });
          policy.vendors.forEach((vendor, index) => market.behave(vendor, hows[index]!));
          const polled = await poll(market);
          expect(polled.tookMs).toBeLessThanOrEqual(policy.deadlineMs);
          expect(polled.vendors.length).toBeLessThanOrEqual(3 * policy.vendors.length);
          if (!polled.answer.ok) return;
          const { snapshots, missing, unreadable = [], failed = [] } = polled.answer.value;
          const told = [snapshots, unreadable, failed].flat().map(({ symbol }) => symbol);
          expect([...told, ...missing].toSorted()).toEqual([...tickers(20)].toSorted());
        },
      ),
      { numRuns: 60 },
    );
  });

  it("confirms no wrong price while at most one source is wrong", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(behaviours, behaviours, behaviours, behaviours),
        fc.constantFrom(["alpaca", "tiingo"] as const, ["polygon"] as const, ["yahoo"] as const),
        fc.double({ min: 0.5, max: 2, noNaN: true }).filter((by) => Math.abs(by - 1) > 0.006),
        async (hows, wrong, factor) => {
          const market = openMarket();
          policy.vendors.forEach((vendor, index) => market.behave(vendor, hows[index]!));
          for (const vendor of wrong)
            market.behave(vendor, { type: "answers", afterMs: 9, factor });
          const { answer } = await poll(market);
          if (!answer.ok) return;
          for (const verdict of judge(market, answer.value)) {
            if (!verdict.accepted || !isConfirmed(verdict.quote)) continue;
            expect(verdict.quote.mid).toBe(truePrice(verdict.quote.symbol));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a vendor in reserve", () => {
  const FIVE_MINUTES_MS = 5 * MINUTE_MS;

  it("is looked at by one request at first and then every five minutes, after the poll", async () => {
    const market = openMarket({ lookEveryMs: FIVE_MINUTES_MS });
    const looks: number[] = [];
    for (let minute = 0; minute < 11; minute++) {
      await poll(market, tickers(100));
      expect(market.asked.map(({ vendor }) => vendor)).toEqual(["alpaca", "polygon"]);
      await market.time.run(market.gateway.lookAtReserves());
      const reserves = market.asked.filter(
        ({ vendor }) => vendor === "yahoo" || vendor === "tiingo",
      );
      expect(reserves.every(({ requests }) => requests === 1)).toBe(true);
      looks.push(reserves.length);
      await market.time.run(market.time.wait(MINUTE_MS));
    }
    expect(looks).toEqual([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2]);
  });

  it("that fails is looked at in every poll until it is well, and is told of meanwhile", async () => {
    const market = openMarket({ lookEveryMs: FIVE_MINUTES_MS });
    market.behave("tiingo", { type: "fails", afterMs: 3 });
    const outcomeOf = async (): Promise<string | undefined> => {
      const polled = await poll(market);
      await market.time.run(market.gateway.lookAtReserves());
      await market.time.run(market.time.wait(MINUTE_MS));
      return must(polled).vendors?.find(({ vendor }) => vendor === "tiingo")?.outcome.type;
    };
    expect([await outcomeOf(), await outcomeOf()]).toEqual(["notNeeded", "failed"]);
    expect(market.asked.filter(({ vendor }) => vendor === "tiingo")).toHaveLength(1);
    market.behave("tiingo", { type: "refused" });
    expect([await outcomeOf(), await outcomeOf()]).toEqual(["failed", "refused"]);
    market.behave("tiingo", { type: "answers", afterMs: 3 });
    expect([await outcomeOf(), await outcomeOf()]).toEqual(["refused", "notNeeded"]);
    expect(market.asked.map(({ vendor }) => vendor)).not.toContain("tiingo");
  });

  it("that was given up before it could answer is not called well for that", async () => {
    const market = openMarket({ lookEveryMs: FIVE_MINUTES_MS });
    market.behave("tiingo", { type: "fails", afterMs: 3 });
    await poll(market, tickers(100));
    await market.time.run(market.gateway.lookAtReserves());
    // Asked because Alpaca is late, and left again as soon as that answers after all.
    market.behave("tiingo", { type: "hangs" });
    market.behave("alpaca", { type: "answers", afterMs: 65 });
    const polled = await poll(market, tickers(100));
    expect(polled.vendors).toContain("tiingo");
    const reports = must(polled).vendors ?? [];
    expect(reports.find(({ vendor }) => vendor === "tiingo")?.outcome.type).toBe("failed");
  });

  it("that hangs keeps no poll, and whoever looks at it for less than two seconds", async () => {
    const market = openMarket({ lookEveryMs: FIVE_MINUTES_MS });
    market.behave("yahoo", { type: "hangs" });
    expect((await poll(market)).tookMs).toBe(12);
    const startedAtMs = market.time.clock.nowMs();
    await market.time.run(market.gateway.lookAtReserves());
    expect(market.time.clock.nowMs() - startedAtMs).toBeLessThan(2_000);
  });

  it("has connections opened for it before it is asked, unless it is ill", async () => {
    const market = openMarket({ lookEveryMs: FIVE_MINUTES_MS });
    market.behave("tiingo", { type: "fails", afterMs: 3 });
    await poll(market, tickers(30));
    await market.time.run(market.gateway.lookAtReserves());
    await poll(market, tickers(30));
    const prepared = (vendor: AskedVendor): readonly number[] =>
      market.prepared.filter((one) => one.vendor === vendor).map(({ symbols }) => symbols);
    expect(prepared("yahoo")).toEqual([30, 30]);
    expect(prepared("tiingo")).toEqual([30]);
  });
});
