import * as z from "zod/mini";
import { Decimal, ModeBody, OrderCounts } from "./answer.ts";

/** GET /api/positions */
export const PositionsBody = z.extend(ModeBody, {
  account: z.string(),
  atMs: z.number(),
  tradingState: z.nullable(
    z.object({ mode: z.string(), reason: z.string(), by: z.string(), atMs: z.number() }),
  ),
  reconciliation: z.nullable(z.object({ state: z.string(), cleanAtMs: z.nullable(z.number()) })),
  equity: z.nullable(Decimal),
  buyingPower: z.nullable(Decimal),
  realizedProfit: z.nullable(Decimal),
  unrealizedProfit: Decimal,
  positions: z.array(
    z.object({
      symbol: z.string(),
      quantity: Decimal,
      averagePrice: Decimal,
      lastPrice: z.nullable(Decimal),
      lastPriceAgeMs: z.nullable(z.number()),
      marketValue: z.nullable(Decimal),
      unrealizedProfit: z.nullable(Decimal),
      openedAtMs: z.number(),
    }),
  ),
  orders: OrderCounts,
  inFlight: z.array(z.object({ clientOrderId: z.string(), stage: z.string() })),
});

/** GET /api/equity */
export const EquityBody = z.extend(ModeBody, {
  points: z.array(z.object({ atMs: z.number(), equity: Decimal })),
});
