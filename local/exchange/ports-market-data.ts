import type { Snapshot, VendorName } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { MarketData } from "../../shared/ports/market-data.ts";
import type { MarketState } from "./prices/market-feed.ts";

/** What the port is made from. */
export type ExchangeMarketDataDeps = {
  /** What is known of a symbol now; `undefined` for one that is not in the feed. */
  readonly stateOf: (symbol: Ticker) => MarketState | undefined;
  readonly source: VendorName;
  readonly clock: Clock;
};

/** Market data of an exchange in the same process: every answer arrives, at once. */
export const createExchangeMarketData = ({
  stateOf,
  source,
  clock,
}: ExchangeMarketDataDeps): MarketData => ({
  fetchSnapshots: async (symbols) => {
    const receivedAtMs = clock.nowMs();
    const snapshots: Snapshot[] = [];
    const missing: Ticker[] = [];
    for (const symbol of symbols) {
      const state = stateOf(symbol);
      // Before its first quote a symbol is absent from a vendor's answer.
      if (state === undefined || (state.quote ?? state.trade) === undefined) {
        missing.push(symbol);
        continue;
      }
      const { quote, trade, minuteBar, dailyBar, previousDailyBar } = state;
      snapshots.push({
        symbol,
        source,
        quote,
        trade,
        minuteBar,
        dailyBar,
        previousDailyBar,
        receivedAtMs,
      });
    }
    return ok({ snapshots, missing });
  },
  // Recordings hold none, and none is invented.
  fetchVolatilityIndex: async () => ok(undefined),
});
