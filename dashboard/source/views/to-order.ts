import type * as z from "zod/mini";
import type { OrdersBody } from "../../../shared/adapters/holdfast-api/contract/orders.ts";
import { sentenceWords } from "../format.ts";
import { numberOf } from "./number-of.ts";
import type { OrderView, Tone } from "../view.ts";

type OrderBody = z.infer<typeof OrdersBody>["orders"][number];

/** An order with its reason, and what came of it. */
export const toOrder = (body: OrderBody): OrderView => ({
  id: body.clientOrderId,
  atMs: body.decidedAtMs,
  symbol: body.symbol,
  side: body.side,
  purpose: body.purpose,
  quantity: Number(body.quantity),
  filled: Number(body.filled),
  price: numberOf(body.averagePrice ?? body.limitPrice),
  state: body.state,
  tone: ORDER_TONE[body.state] ?? "unknown",
  reason: sentenceWords(body.decision),
  outcome: sentenceWords(body.reasons.join(", ")),
});

const ORDER_TONE: Readonly<Record<string, Tone>> = {
  filled: "good",
  partiallyFilled: "good",
  unknown: "bad",
  orphaned: "bad",
  rejected: "bad",
  denied: "warn",
  notSent: "warn",
};
