import * as z from "zod";
import { type ReportedTrade, tradedLeanOf } from "../../domain/signals/evidence/traded-side.ts";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireDate, WireFloat } from "./wire-types.ts";

/** The strongest modifier of the model. */
const MODIFIER_MAX = 0.5;

/**
 * What insiders bought (P) and sold (S) on the open market; gifts, options and taxes say nothing.
 */
export const insiderEndpoint: Endpoint = {
  name: "insider",
  scope: "symbol",
  intervalMs: 6 * 60 * 60_000,
  path: (symbol) => `/api/insider/${encodeURIComponent(symbol)}`,
  contract: (_symbol, nowMs) =>
    Transactions.transform(({ data }) => {
      const trades = data.flatMap(tradeOf);
      if (trades.length === 0) return {};
      const { direction, clarity, tradeCount } = tradedLeanOf(trades, nowMs);
      const { atMs } = newestOf(data, (trade) => trade.filing_date);
      const modifier = clarity * MODIFIER_MAX;
      return { insider: { direction, modifier, tradeCount, observedAtMs: atMs } };
    }),
};

const Transaction = z.object({
  transaction_code: z.string().max(8),
  amount: WireFloat,
  transaction_date: WireDate,
  filing_date: WireDate,
});

const Transactions = z.object({ data: z.array(Transaction).max(2_000) });

const tradeOf = (wire: z.output<typeof Transaction>): readonly ReportedTrade[] => {
  const { transaction_code: code, amount, transaction_date: tradedAtMs } = wire;
  if (code !== "P" && code !== "S") return [];
  return [{ side: code === "P" ? "buy" : "sell", weight: Math.abs(amount), tradedAtMs }];
};
