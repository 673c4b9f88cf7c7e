import type { Snapshot } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { MarketData } from "../../shared/ports/market-data.ts";

/** What the port is made from. */
export type ExchangeMarketDataDeps = {
  /**
   * What is known of a symbol now; `undefined` for one that is not in the feed. `receivedAtMs` is
   * when the answer reaches whoever asked, epoch ms.
   */
  readonly snapshotOf: (symbol: Ticker, receivedAtMs: number) => Snapshot | undefined;
  readonly clock: Clock;
};

/** Market data of an exchange in the same process: every answer arrives, at once. */
export const createExchangeMarketData = ({
  snapshotOf,
  clock,
}: ExchangeMarketDataDeps): MarketData => ({
  fetchSnapshots: async (symbols) => {
    const receivedAtMs = clock.nowMs();
    const snapshots: Snapshot[] = [];
    const missing: Ticker[] = [];
    for (const symbol of symbols) {
      const snapshot = snapshotOf(symbol, receivedAtMs);
      // Before its first quote a symbol is absent from a vendor's answer.
      if (snapshot === undefined || (snapshot.quote ?? snapshot.trade) === undefined) {
        missing.push(symbol);
      } else snapshots.push(snapshot);
    }
    return ok({ snapshots, missing });
  },
  // Recordings hold none, and none is invented.
  fetchVolatilityIndex: async () => ok(undefined),
});
