import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Fault } from "../../../local/exchange/faults/fault.ts";
import { connectVendors } from "../../../shared/adapters/gateway/connect-vendors.ts";
import { createMarketData } from "../../../shared/adapters/gateway/market-data.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHostTimers } from "../../../shared/adapters/host/timers.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { createHttpClient, type HttpClient } from "../../../shared/adapters/http/http-client.ts";
import { createMemoryAlerts } from "../../../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { isConfirmed } from "../../../shared/domain/market/quote.ts";
import { Configuration } from "../../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../../shared/runtime/configuration-settings.ts";
import { emptyMemory, validateShard } from "../../../shared/use-cases/shard-memory.ts";
import { IBM, SPY } from "./core/market.ts";
import { startTestServer, type TestServer } from "./start-server.ts";

const settings = toSettings(Configuration.parse({ version: 1, symbols: ["SPY", "IBM"] }), {
  mode: "sim",
  region: "local",
});

/** The gateway over HTTP against the simulated exchange, which plays all four vendors. */
const openGateway = (server: TestServer, http: HttpClient) => {
  const clock = { nowMs: server.nowMs, monotonicMs: createHostClock().monotonicMs };
  const store = createMemoryItemStore();
  const { url } = server;
  const gateway = createMarketData({
    vendors: connectVendors(
      {
        alpaca: { url, credentials: { keyId: "key", secretKey: "secret" } },
        polygon: { url, key: "polygon" },
        yahoo: { url },
        tiingo: { url, token: "tiingo" },
      },
      { http, clock, settings },
    ),
    clock,
    timers: createHostTimers(),
    random: createSeededRandom(1),
    settings,
    telemetry: createStoredTelemetry(store, { region: "local" }),
    breakers: createStoredBreakerRecords(store, { region: "local" }),
    alerts: createMemoryAlerts(),
  });
  return async () => {
    const answer = await gateway.fetchSnapshots([SPY, IBM]);
    if (!answer.ok) return { answer, quotes: [] };
    const { quotes } = validateShard(
      emptyMemory(),
      answer.value,
      server.nowMs(),
      settings.validation,
    );
    return { answer, quotes };
  };
};

describe("the gateway over HTTP against the simulated exchange", () => {
  let server: TestServer;
  let http: HttpClient;
  beforeEach(async () => {
    server = await startTestServer();
    http = createHttpClient({ clock: createHostClock() });
  });
  afterEach(async () => {
    http.close();
    await server.close();
  });

  const vendors = ["alpaca", "polygon"] as const;
  const faults: readonly Readonly<Record<string, unknown>>[] = [
    { name: "errorBefore" },
    { name: "rateLimit" },
    { name: "hangAnswer" },
    { name: "plainTextError" },
    { name: "errorInside" },
    { name: "stalePrices", byMs: 600_000 },
    { name: "delayedFeed" },
    { name: "wrongPrices", factor: 1.08 },
    { name: "missingSymbols", symbols: ["SPY", "IBM"] },
    { name: "dropAnswer" },
  ];
  const cases = vendors.flatMap((vendor) =>
    faults.map((fault) => [String(fault["name"]), vendor, fault] as const),
  );

  it("finds all four vendors of one mind", async () => {
    const poll = openGateway(server, http);
    const { quotes } = await poll();
    expect(quotes.map(({ source, confirmedBy }) => [source, confirmedBy])).toEqual([
      ["alpaca", ["polygon"]],
      ["alpaca", ["polygon"]],
    ]);
  });

  it.each(cases)(
    "has confirmed prices, and no wrong one, with %s at %s",
    async (_name, vendor, fault) => {
      const poll = openGateway(server, http);
      const truth = new Map((await poll()).quotes.map(({ symbol, mid }) => [symbol, mid]));
      expect(server.faults.arm(Fault.parse({ ...fault, vendor }))).toBe(true);
      const { quotes } = await poll();
      expect(quotes).toHaveLength(2);
      for (const quote of quotes) {
        expect(isConfirmed(quote)).toBe(true);
        const right: Price | undefined = truth.get(quote.symbol);
        expect(Math.abs(quote.mid - (right ?? 0))).toBeLessThanOrEqual((right ?? 0) * 0.005);
      }
    },
  );

  it("enters nothing on one vendor's word, and says so when all but one are gone", async () => {
    const poll = openGateway(server, http);
    for (const vendor of ["polygon", "yahoo", "tiingo"]) {
      server.faults.arm(Fault.parse({ name: "errorBefore", vendor }));
    }
    const { quotes } = await poll();
    expect(quotes.map(({ source, confirmedBy }) => [source, confirmedBy])).toEqual([
      ["alpaca", []],
      ["alpaca", []],
    ]);
  });

  it("is a fault when all are dead, and well again when they are back", async () => {
    const poll = openGateway(server, http);
    server.faults.arm(Fault.parse({ name: "errorBefore", route: "GET /", times: 5 }));
    // Every vendor fails once, Yahoo for each symbol; the second round finds them well.
    expect((await poll()).quotes).toHaveLength(2);
  });
});
