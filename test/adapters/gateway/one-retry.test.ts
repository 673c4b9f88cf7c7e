import { describe, expect, it } from "vitest";
import { connectVendors } from "../../../shared/adapters/gateway/connect-vendors.ts";
import { createMarketData } from "../../../shared/adapters/gateway/market-data.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import type { HttpClient, HttpOutcome } from "../../../shared/adapters/http/http-client.ts";
import { createMemoryAlerts } from "../../../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import { Configuration } from "../../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../../shared/runtime/configuration-settings.ts";
import { ELEVEN_MS, tickers } from "./fake-vendors.ts";
import { createVirtualTime } from "./virtual-time.ts";

const VENDORS: readonly AskedVendor[] = ["alpaca", "polygon", "yahoo", "tiingo"];
const SYMBOLS = tickers(1);

const settings = toSettings(Configuration.parse({ version: 1, symbols: [...SYMBOLS] }), {
  mode: "sim",
  region: "local",
});

/** The real vendors and the real gateway over a network that answers everything in one way. */
const openWith = (outcome: HttpOutcome) => {
  const time = createVirtualTime(ELEVEN_MS);
  const sent: string[] = [];
  const http: HttpClient = {
    send: async ({ url }) => {
      // The volatility index is asked for apart from this.
      if (!/VIX/.test(url)) sent.push(new URL(url).hostname);
      await time.wait(1);
      return outcome;
    },
    close: () => undefined,
  };
  const vendors = connectVendors(
    {
      alpaca: { url: "http://alpaca", credentials: { keyId: "k", secretKey: "s" } },
      polygon: { url: "http://polygon", key: "k" },
      yahoo: { url: "http://yahoo" },
      tiingo: { url: "http://tiingo", token: "t" },
    },
    { http, clock: time.clock, settings },
  );
  const store = createMemoryItemStore();
  const marketData = createMarketData({
    ...time,
    vendors,
    random: createSeededRandom(1),
    settings,
    telemetry: createStoredTelemetry(store, { region: "local" }),
    breakers: createStoredBreakerRecords(store, { region: "local" }),
    alerts: createMemoryAlerts(),
  });
  const countOf = (vendor: AskedVendor): number => sent.filter((one) => one === vendor).length;
  return { time, vendors, marketData, sent, countOf };
};

const answer = (status: number): HttpOutcome => ({ type: "answer", status, headers: {}, body: "" });
const reset = (isOverKept: boolean): HttpOutcome => ({ type: "reset", detail: "x", isOverKept });
const refused: HttpOutcome = { type: "noConnection", detail: "x" };

describe("a vendor's adapter with its connections", () => {
  it.each<[string, HttpOutcome, number]>([
    ["a 503", answer(503), 1],
    ["a 429", answer(429), 1],
    ["a refused connection", refused, 1],
    ["a reset of a new connection", reset(false), 1],
    // The server had closed it before: nobody was asked yet.
    ["a reset of one that had idled", reset(true), 2],
  ])("sends as often as it must after %s", async (_what, outcome, times) => {
    for (const vendor of VENDORS) {
      const { time, vendors, countOf } = openWith(outcome);
      const asking = vendors[vendor]?.fetchSnapshots(SYMBOLS);
      expect((await time.run(asking!)).ok).toBe(false);
      expect(countOf(vendor)).toBe(times);
    }
  });
});

describe("the gateway over them", () => {
  it("is the one layer that tries again: three rounds, each asking each vendor once", async () => {
    const { time, marketData, countOf } = openWith(answer(503));
    const polled = await time.run(marketData.fetchSnapshots(SYMBOLS));
    expect(polled.ok).toBe(false);
    expect(VENDORS.map(countOf)).toEqual([3, 3, 3, 3]);
  });

  it("does not try again what only a person can cure", async () => {
    const { time, marketData, countOf } = openWith(answer(401));
    await time.run(marketData.fetchSnapshots(SYMBOLS));
    expect(VENDORS.map(countOf)).toEqual([1, 1, 1, 1]);
  });
});
