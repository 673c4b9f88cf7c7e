import { OrderIntentCodec } from "../../adapters/stored/codecs/order-intent.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { badFieldsOf } from "../bad-fields.ts";
import type { Reader } from "../compile-at-first-use.ts";

/** Reads an intent from JSON, as it is or compiled; the refusal names fields, never values. */
export const readOrderIntent = (
  value: unknown,
  codec: Reader<OrderIntent> = OrderIntentCodec,
): Result<OrderIntent, string> => {
  const parsed = codec.safeParse(value);
  return parsed.success ? ok(parsed.data) : err(badFieldsOf(parsed.error));
};
