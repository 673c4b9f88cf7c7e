import type * as z from "zod/mini";
import type { PositionsBody } from "../../../shared/adapters/holdfast-api/contract/account.ts";
import { numberOf } from "./number-of.ts";
import type { AccountView, PositionView } from "../view.ts";

/** The account as the broker and the ledger have it. */
export const toAccount = (body: z.infer<typeof PositionsBody>): AccountView => ({
  name: body.account,
  trading: body.tradingState ?? undefined,
  reconciliation: body.reconciliation?.state ?? "never",
  equity: numberOf(body.equity),
  buyingPower: numberOf(body.buyingPower),
  realizedProfit: numberOf(body.realizedProfit),
  unrealizedProfit: Number(body.unrealizedProfit),
  inFlight: body.orders.open,
  unknown: body.inFlight.filter(({ stage }) => stage === "unknown").length,
});

type PositionBody = z.infer<typeof PositionsBody>["positions"][number];

/** What is held of a symbol, and what it has gained for what it cost. */
export const toPosition = (body: PositionBody): PositionView => {
  const quantity = Number(body.quantity);
  const averagePrice = numberOf(body.averagePrice);
  const profit = numberOf(body.unrealizedProfit);
  const cost = averagePrice === null ? 0 : Math.abs(averagePrice * quantity);
  return {
    symbol: body.symbol,
    quantity,
    averagePrice,
    lastPrice: numberOf(body.lastPrice),
    lastPriceAgeMs: body.lastPriceAgeMs,
    value: numberOf(body.marketValue),
    profit,
    profitRatio: profit === null || cost === 0 ? null : profit / cost,
  };
};
