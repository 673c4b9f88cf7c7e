import * as z from "zod";
import { MONEY_SCALE, type Money } from "../../domain/market/money.ts";
import { PRICE_SCALE, type Price } from "../../domain/market/price.ts";
import { parseQuantity, type Quantity } from "../../domain/market/quantity.ts";
import { parseTicker, type Ticker } from "../../domain/market/ticker.ts";
import { parseTimestamp } from "../http/parse-timestamp.ts";
import { roundDecimal } from "../http/round-decimal.ts";

const text = <Value>(read: (text: string) => Value | undefined, expected: string) =>
  z.string().transform((written, context): Value => {
    const value = read(written);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `expected ${expected}` });
    return z.NEVER;
  });

/** A price as text, not negative, to the nearest ten-thousandth: averages are finer than ticks. */
export const PriceText = text<Price>((written) => {
  const price = roundDecimal(written, PRICE_SCALE);
  return price !== undefined && price >= 0 ? (price as Price) : undefined;
}, "a price as text");

/** An amount as text, to the nearest millionth of a dollar. */
export const MoneyText = text<Money>((written) => {
  const amount = roundDecimal(written, MONEY_SCALE);
  return amount === undefined ? undefined : (amount as Money);
}, "an amount as text");

/** A number of shares as text; one finer than a billionth is refused, never rounded. */
export const QuantityText = text<Quantity>(parseQuantity, "a quantity as text");

/** A symbol of a US equity. */
export const SymbolText = text<Ticker>(parseTicker, "a symbol");

/** An RFC 3339 time as epoch ms. */
export const TimeText = text<number>(parseTimestamp, "an RFC 3339 time");
