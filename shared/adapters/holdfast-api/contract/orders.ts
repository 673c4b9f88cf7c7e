import * as z from "zod/mini";
import { Decimal, ModeBody } from "./answer.ts";

/** GET /api/orders */
export const OrdersBody = z.extend(ModeBody, {
  sessionDate: z.string(),
  orders: z.array(
    z.object({
      clientOrderId: z.string(),
      symbol: z.string(),
      side: z.string(),
      purpose: z.string(),
      quantity: Decimal,
      filled: Decimal,
      averagePrice: z.nullable(Decimal),
      limitPrice: z.nullable(Decimal),
      state: z.string(),
      reasons: z.array(z.string()),
      decision: z.string(),
      decidedAtMs: z.number(),
    }),
  ),
});

/** GET /api/orders/{clientOrderId} */
export const ExplainedBody = z.extend(ModeBody, {
  clientOrderId: z.string(),
  symbol: z.string(),
  side: z.string(),
  purpose: z.string(),
  state: z.string(),
  quantity: Decimal,
  filled: Decimal,
  averagePrice: z.nullable(Decimal),
  steps: z.array(
    z.object({
      atMs: z.number(),
      type: z.string(),
      sentence: z.string(),
      reasons: z.array(z.string()),
    }),
  ),
  seals: z.nullable(z.array(z.object({ sequence: z.int(), atMs: z.number(), events: z.int() }))),
});
