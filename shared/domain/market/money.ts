import { assert } from "../assert.ts";
import { floatToUnits, formatDecimal, parseDecimal } from "./decimal.ts";
import type { Price } from "./price.ts";
import { QUANTITY_UNITS_PER_SHARE, type Quantity } from "./quantity.ts";

declare const moneyBrand: unique symbol;

/**
 * An amount in millionths of a US dollar. Always a safe integer, so at most about nine billion USD.
 */
export type Money = number & { readonly [moneyBrand]: true };

/** Decimal places an amount holds. */
export const MONEY_SCALE = 6;

/** Money units in one US dollar. */
const MONEY_UNITS_PER_USD = 1_000_000;

/** No money. */
export const ZERO_USD = 0 as Money;

/** Reads `"-1234.56"`; `undefined` if it is not a decimal or is finer than a millionth. */
export const parseMoney = (text: string): Money | undefined =>
  parseDecimal(text, MONEY_SCALE) as Money | undefined;

/** Rounds a float from configuration to the nearest millionth; `undefined` if it cannot be held. */
export const moneyFromFloat = (amountUsd: number): Money | undefined =>
  floatToUnits(amountUsd, MONEY_SCALE) as Money | undefined;

/** A whole number of dollars. */
export const usd = (dollars: number): Money => {
  const units = Math.round(dollars * MONEY_UNITS_PER_USD);
  assert(Number.isSafeInteger(units), "An amount is a safe number of dollars.");
  return units as Money;
};

/** Writes an amount in dollars with at least two decimals: `"-1234.56"`. */
export const formatMoney = (amount: Money): string => formatDecimal(amount, MONEY_SCALE, 2);

/** The amount in dollars as a float, for display and ratios only. */
export const moneyToFloat = (amount: Money): number => amount / MONEY_UNITS_PER_USD;

/** So many percent of an amount, in dollars as a float: what a limit in percent comes to. */
export const percentOf = (amount: Money, pct: number): number => (moneyToFloat(amount) * pct) / 100;

/** The sum, checked to be representable. */
export const addMoney = (left: Money, right: Money): Money => {
  const sum = left + right;
  assert(Number.isSafeInteger(sum), "A sum of money stays representable.");
  return sum as Money;
};

/** The difference, checked to be representable. */
export const subtractMoney = (left: Money, right: Money): Money =>
  addMoney(left, (0 - right) as Money);

/** Adds an amount (`sign` 1) or takes it away (`sign` -1), checked to be representable. */
export const moveMoney = (from: Money, amount: Money, sign: 1 | -1): Money =>
  addMoney(from, (sign * amount) as Money);

/**
 * The value of `quantity` shares at `price`, signed as the quantity is. Whole shares are exact; a
 * fraction of a millionth of a dollar is rounded away from zero, so exposure is never understated.
 */
export const notional = (price: Price, quantity: Quantity): Money => {
  // Dividing and multiplying back tells a whole number as `%` does, in a fraction of its time.
  const whole = Math.round(quantity / QUANTITY_UNITS_PER_SHARE);
  if (whole * QUANTITY_UNITS_PER_SHARE !== quantity) return notionalOfFraction(price, quantity);
  // price [1e-4] x whole shares x 100 = money [1e-6], exact while it is a safe integer.
  const units = price * whole * 100;
  assert(Number.isSafeInteger(units), "A notional stays representable.");
  return units as Money;
};

/**
 * Whether so many shares at a price are worth an amount at all, with as much room again for what
 * is added to it. Where the numbers come from outside this is asked before anything is summed.
 */
export const hasNotional = (price: Price, quantity: Quantity): boolean =>
  Math.abs(price * (quantity / QUANTITY_UNITS_PER_SHARE)) * 100 <= Number.MAX_SAFE_INTEGER / 2;

/** Apart, so that the usual case stays small enough to be inlined where the guard sums. */
const notionalOfFraction = (price: Price, quantity: Quantity): Money => {
  const product = BigInt(price) * BigInt(quantity);
  const divisor = 10_000_000n;
  const quotient = product / divisor;
  const rounded = product % divisor === 0n ? quotient : quotient + (product < 0n ? -1n : 1n);
  const units = Number(rounded);
  assert(Number.isSafeInteger(units), "A notional stays representable.");
  return units as Money;
};
