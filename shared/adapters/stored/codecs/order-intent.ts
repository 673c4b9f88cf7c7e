import * as z from "zod";
import type {
  DecisionBasis,
  OrderIntent,
  Protection,
} from "../../../domain/orders/order-intent.ts";
import {
  ClientOrderIdCodec,
  EpochMsCodec,
  PriceCodec,
  PurposeCodec,
  QuantityCodec,
  SessionDateCodec,
  SideCodec,
  TickerCodec,
} from "./primitives.ts";

/** Reads where the broker itself closes a position. */
export const ProtectionCodec: z.ZodType<Protection> = z.strictObject({
  stopPrice: PriceCodec,
  targetPrice: PriceCodec,
});

const DecisionBasisCodec: z.ZodType<DecisionBasis> = z.strictObject({
  quote: z
    .strictObject({
      source: z.enum(["alpaca", "polygon", "yahoo", "tiingo", "recorded"]),
      bid: PriceCodec,
      ask: PriceCodec,
      exchangeTimeMs: EpochMsCodec,
    })
    .nullable(),
  score: z
    .strictObject({
      direction: z.enum(["bullish", "bearish", "neutral"]),
      conviction: z.number(),
      freshness: z.number(),
      components: z.array(z.strictObject({ name: z.string(), value: z.number() })),
      missing: z.array(z.string()),
    })
    .nullable(),
});

/** Reads a decision to trade; an unknown field is refused. */
export const OrderIntentCodec: z.ZodType<OrderIntent> = z.strictObject({
  clientOrderId: ClientOrderIdCodec,
  strategy: z.string(),
  account: z.string(),
  symbol: TickerCodec,
  sessionDate: SessionDateCodec,
  side: SideCodec,
  purpose: PurposeCodec,
  quantity: QuantityCodec,
  pricing: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("market") }),
    z.strictObject({ type: z.literal("limit"), limitPrice: PriceCodec }),
  ]),
  protection: ProtectionCodec.nullable(),
  referencePrice: PriceCodec,
  decidedAtMs: EpochMsCodec,
  validUntilMs: EpochMsCodec,
  reason: z.string(),
  score: z.number().nullable(),
  basis: DecisionBasisCodec.optional(),
});
