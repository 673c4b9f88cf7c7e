import * as z from "zod";
import { MONEY_SCALE, type Money } from "../../domain/market/money.ts";
import { newYorkToEpochMs } from "../../domain/market/new-york-time.ts";
import { PRICE_SCALE, type Price } from "../../domain/market/price.ts";
import { parseSessionDate, type SessionDate } from "../../domain/market/session-date.ts";
import { parseTimestamp } from "../http/parse-timestamp.ts";
import { roundDecimal } from "../http/round-decimal.ts";

/** The vendor writes most numbers as text and some, of the same kind, as numbers. */
const number = <Value>(read: (text: string) => Value | undefined, expected: string) =>
  z.union([z.string(), z.number()]).transform((written, context): Value => {
    const value = read(String(written));
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `expected ${expected}` });
    return z.NEVER;
  });

/** A price, not negative, to the nearest ten-thousandth. */
export const WirePrice = number<Price>((text) => {
  const price = roundDecimal(text, PRICE_SCALE);
  return price !== undefined && price >= 0 ? (price as Price) : undefined;
}, "a price");

/** An amount with its sign, to the nearest millionth of a dollar. */
export const WireMoney = number<Money>((text) => {
  const amount = roundDecimal(text, MONEY_SCALE);
  return amount === undefined ? undefined : (amount as Money);
}, "an amount");

/** A premium: an amount that is not negative. */
export const WirePremium = number<Money>((text) => {
  const amount = roundDecimal(text, MONEY_SCALE);
  return amount !== undefined && amount >= 0 ? (amount as Money) : undefined;
}, "an amount that is not negative");

/** A plain decimal as a float, for what is measured and not paid. */
export const WireFloat = number<number>(
  (text) => (/^[+-]?\d{1,300}(?:\.\d{1,40})?$/.test(text) ? Number(text) : undefined),
  "a number",
);

/** A whole number of shares or contracts, signed. */
export const WireCount = number<number>(
  (text) => (/^[+-]?\d{1,15}(?:\.0+)?$/.test(text) ? Number(text) : undefined),
  "a whole number",
);

/** An RFC 3339 time as epoch ms. */
export const WireTime = z.string().transform((text, context): number => {
  const atMs = parseTimestamp(text);
  if (atMs !== undefined) return atMs;
  context.addIssue({ code: "custom", message: "expected an RFC 3339 time" });
  return z.NEVER;
});

/** A date as the epoch ms of its start in New York: what is known of a day is at least that old. */
export const WireDate = z.string().transform((text, context): number => {
  const date = parseSessionDate(text);
  if (date !== undefined) return newYorkToEpochMs(date, 0);
  context.addIssue({ code: "custom", message: "expected a date" });
  return z.NEVER;
});

/** A date as such. */
export const WireSessionDate = z.string().transform((text, context): SessionDate => {
  const date = parseSessionDate(text);
  if (date !== undefined) return date;
  context.addIssue({ code: "custom", message: "expected a date" });
  return z.NEVER;
});
