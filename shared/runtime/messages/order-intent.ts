import { OrderIntentCodec } from "../../adapters/stored/codecs/order-intent.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { badFieldsOf } from "../bad-fields.ts";

/** Reads an intent from JSON; the refusal names fields, never values. */
export const readOrderIntent = (value: unknown): Result<OrderIntent, string> => {
  const parsed = OrderIntentCodec.safeParse(value);
  return parsed.success ? ok(parsed.data) : err(badFieldsOf(parsed.error));
};
