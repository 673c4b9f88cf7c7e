import * as z from "zod";
import type { Money } from "../../../domain/market/money.ts";
import { type Price, priceFromUnits } from "../../../domain/market/price.ts";
import type { Quantity } from "../../../domain/market/quantity.ts";
import { parseSessionDate } from "../../../domain/market/session-date.ts";
import { parseTicker } from "../../../domain/market/ticker.ts";
import { parseClientOrderId } from "../../../domain/orders/client-order-id.ts";

/** Turns a reader that answers `undefined` for what it cannot read into a codec's transform. */
const readWith =
  <Text, Value>(read: (text: Text) => Value | undefined, what: string) =>
  (text: Text, context: z.RefinementCtx): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `Not a ${what}.` });
    return z.NEVER;
  };

/** A symbol in capital letters. */
export const TickerCodec = z.string().transform(readWith(parseTicker, "symbol"));

/** A calendar date in New York. */
export const SessionDateCodec = z.string().transform(readWith(parseSessionDate, "session date"));

/** An order id that Holdfast named. */
export const ClientOrderIdCodec = z
  .string()
  .transform(readWith(parseClientOrderId, "client order id"));

/** An integer count of ten-thousandths of a USD. */
export const PriceCodec = z.int().transform(readWith<number, Price>(priceFromUnits, "price"));

/** An integer count of millionths of a USD; `z.int` admits safe integers only. */
export const MoneyCodec = z.int().transform((units) => units as Money);

/** An integer count of billionths of a share; `z.int` admits safe integers only. */
export const QuantityCodec = z.int().transform((units) => units as Quantity);

/** Epoch milliseconds. Vendors state fractions of them, so this is not an integer. */
export const EpochMsCodec = z.number().min(0).max(8.64e15);

/** Which way evidence points. */
export const DirectionCodec = z.enum(["bullish", "bearish", "neutral"]);

/** Which way an order trades. */
export const SideCodec = z.enum(["buy", "sell"]);

/** Whether an order may add risk. */
export const PurposeCodec = z.enum(["entry", "exit"]);
