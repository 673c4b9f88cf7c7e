import * as z from "zod";
import type { OrderEvent } from "../../../domain/orders/order-event.ts";
import { DENIAL_REASONS } from "../../../domain/risk/denial.ts";
import { OrderIntentCodec } from "./order-intent.ts";
import { EpochMsCodec, PriceCodec, QuantityCodec } from "./primitives.ts";

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), atMs: EpochMsCodec, ...shape });

/** Reads an event of an order's history; an unknown event or field is refused. */
export const OrderEventCodec: z.ZodType<OrderEvent> = z.discriminatedUnion("type", [
  event("intentRecorded", { intent: OrderIntentCodec, recordedBy: z.string() }),
  event("denied", {
    denials: z.array(z.strictObject({ reason: z.enum(DENIAL_REASONS), detail: z.string() })),
  }),
  event("claimed", {
    epoch: z.int(),
    claimId: z.string(),
    submitByMs: EpochMsCodec,
    quantity: QuantityCodec.nullable(),
  }),
  event("acknowledged", { brokerOrderId: z.string() }),
  event("rejected", { reason: z.string() }),
  event("submissionUnknown", { cause: z.string() }),
  event("notSent", { cause: z.string() }),
  event("fillObserved", {
    brokerOrderId: z.string(),
    cumulativeFilled: QuantityCodec,
    averagePrice: PriceCodec,
  }),
  event("legFillObserved", {
    legId: z.string(),
    role: z.enum(["stop", "target"]),
    cumulativeFilled: QuantityCodec,
    averagePrice: PriceCodec,
  }),
  event("executionsObserved", {
    executions: z.array(
      z.strictObject({
        executionId: z.string(),
        brokerOrderId: z.string(),
        quantity: QuantityCodec,
        price: PriceCodec,
        atMs: EpochMsCodec,
      }),
    ),
  }),
  event("cancelRequested", { reason: z.string() }),
  event("orphaned", { brokerOrderId: z.string() }),
  event("cancelled", {}),
  event("expired", { cause: z.string() }),
  event("replaced", { replacedBy: z.string() }),
]);
