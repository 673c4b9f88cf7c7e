import * as z from "zod";
import { type ReportedTrade, tradedLeanOf } from "../../domain/signals/evidence/traded-side.ts";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireDate } from "./wire-types.ts";

/** Trades of members of Congress in a symbol; only ranges of their size are published. */
export const congressEndpoint: Endpoint = {
  name: "congress",
  scope: "symbol",
  intervalMs: 6 * 60 * 60_000,
  path: (symbol) => `/api/congress/recent-trades?ticker=${encodeURIComponent(symbol)}`,
  contract: (symbol, nowMs) =>
    Trades.transform(({ data }) => {
      const own = data.filter(({ ticker }) => ticker === symbol);
      const trades = own.flatMap(tradeOf);
      if (trades.length === 0) return {};
      const { direction, tradeCount } = tradedLeanOf(trades, nowMs);
      const { atMs } = newestOf(own, (trade) => trade.filed_at_date);
      return { congress: { direction, recentTradeCount: tradeCount, observedAtMs: atMs } };
    }),
};

const Trade = z.object({
  /** Null for what is not a stock. */
  ticker: z.string().nullable(),
  txn_type: z.string().max(64),
  transaction_date: WireDate,
  filed_at_date: WireDate,
});

const Trades = z.object({ data: z.array(Trade).max(2_000) });

/** "Buy", "Sell", "Sell (Partial)"; an exchange of one for another has no side. */
const tradeOf = (wire: z.output<typeof Trade>): readonly ReportedTrade[] => {
  const { txn_type: type, transaction_date: tradedAtMs } = wire;
  if (/^(buy|purchase)\b/i.test(type)) return [{ side: "buy", weight: 1, tradedAtMs }];
  return /^(sell|sale)\b/i.test(type) ? [{ side: "sell", weight: 1, tradedAtMs }] : [];
};
