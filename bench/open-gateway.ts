import { createMarketData } from "../shared/adapters/gateway/market-data.ts";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { createMemoryAlerts } from "../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { createStoredBreakerRecords } from "../shared/adapters/stored/breaker-records.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import type { Price } from "../shared/domain/market/price.ts";
import type { Snapshot } from "../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../shared/domain/market/ticker.ts";
import type { AskedVendor } from "../shared/domain/market/vendor-policy.ts";
import { ok, type Result } from "../shared/domain/result.ts";
import type { CallLimits, MarketData, VendorMarketData } from "../shared/ports/market-data.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { VendorFault } from "../shared/ports/vendor-fault.ts";
import { Configuration } from "../shared/runtime/configuration-schema.ts";
import { toSettings } from "../shared/runtime/configuration-settings.ts";
import { hostDeps } from "./breaker-contenders.ts";

/** A quiet moment of a session, from which time goes on: out of hours no price is believed. */
const ELEVEN_MS = Date.UTC(2026, 2, 10, 15);
const startedAtMs = hostDeps.clock.monotonicMs();

/** The host's time within a session. */
const sessionClock: Clock = {
  nowMs: () => ELEVEN_MS + Math.floor(hostDeps.clock.monotonicMs() - startedAtMs),
  monotonicMs: hostDeps.clock.monotonicMs,
};

/** Three that do not resell each other's prices: two have to agree, and one stands in reserve. */
export const VENDORS = ["alpaca", "polygon", "tiingo"] as const satisfies AskedVendor[];

/** One of them. */
export type BenchVendor = (typeof VENDORS)[number];

/** Sends one request; whatever the answer is, it stands for the prices of now. */
export type Exchange = (
  vendor: BenchVendor,
  limits: CallLimits,
) => Promise<Result<unknown, VendorFault>>;

/** The gateway as it is deployed, over vendors that are reached by `exchange`. */
export const openGateway = (
  exchange: Exchange,
  { hedgedPercent = 100 }: { readonly hedgedPercent?: number } = {},
): Pick<MarketData, "fetchSnapshots"> => {
  const store = createMemoryItemStore();
  const many = 1_000_000;
  const settings = toSettings(
    Configuration.parse({
      version: 1,
      symbols: [...SYMBOLS],
      flags: { hedgedReads: { percent: hedgedPercent } },
      marketData: { vendors: [...VENDORS], alpacaFeed: "sip" },
    }),
    { mode: "sim", region: "local" },
  );
  const { marketData } = settings;
  const requestsPerMinute = { alpaca: many, polygon: many, yahoo: many, tiingo: many };
  const vendors = VENDORS.map((vendor) => [vendor, vendorOf(vendor, exchange)] as const);
  return createMarketData({
    vendors: Object.fromEntries(vendors),
    clock: sessionClock,
    timers: hostDeps.timers,
    random: createSeededRandom(5),
    // Polls are a minute apart where it is deployed, and at once here.
    settings: { ...settings, marketData: { ...marketData, requestsPerMinute } },
    telemetry: createStoredTelemetry(store, { region: "local" }),
    breakers: createStoredBreakerRecords(store, { region: "local" }),
    alerts: createMemoryAlerts(),
  });
};

/** What a poll asks for. */
export const SYMBOLS: readonly Ticker[] = ["SPY", "QQQ", "IWM"].flatMap(
  (name) => parseTicker(name) ?? [],
);

const vendorOf = (vendor: BenchVendor, exchange: Exchange): VendorMarketData => ({
  vendor,
  symbolsPerRequest: 250,
  fetchSnapshots: async (symbols, limits = {}) => {
    const answer = await exchange(vendor, limits);
    return answer.ok
      ? ok({ snapshots: symbols.map((symbol) => snapshotOf(vendor, symbol)), missing: [] })
      : answer;
  },
  fetchVolatilityIndex: async () => ok(undefined),
});

const BID = 1_000_000 as Price;
const ASK = 1_000_200 as Price;

const snapshotOf = (source: BenchVendor, symbol: Ticker): Snapshot => {
  const nowMs = sessionClock.nowMs();
  return {
    symbol,
    source,
    quote: { symbol, bid: BID, ask: ASK, bidSize: 100, askSize: 100, exchangeTimeMs: nowMs },
    trade: undefined,
    minuteBar: undefined,
    dailyBar: undefined,
    previousDailyBar: undefined,
    receivedAtMs: nowMs,
  };
};
