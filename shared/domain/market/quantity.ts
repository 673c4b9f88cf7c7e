import { assert } from "../assert.ts";
import { formatDecimal, parseDecimal } from "./decimal.ts";

declare const quantityBrand: unique symbol;

/**
 * A number of shares in billionths of a share, the finest that Alpaca states. Signed where it is
 * a position (short is negative). Always a safe integer, so at most about nine million shares.
 */
export type Quantity = number & { readonly [quantityBrand]: true };

/** Decimal places a quantity holds. */
const QUANTITY_SCALE = 9;

/** Quantity units in one share. */
export const QUANTITY_UNITS_PER_SHARE = 1_000_000_000;

/** No shares. */
export const ZERO_SHARES = 0 as Quantity;

/** Reads `"12"` or `"-0.5"`; `undefined` if it is not a decimal or is finer than a billionth. */
export const parseQuantity = (text: string): Quantity | undefined =>
  parseDecimal(text, QUANTITY_SCALE) as Quantity | undefined;

/** A whole number of shares. */
export const shares = (count: number): Quantity => {
  const units = count * QUANTITY_UNITS_PER_SHARE;
  assert(Number.isSafeInteger(units), "A quantity is a safe number of shares.");
  return units as Quantity;
};

/** Writes a quantity in shares: `"12"`, `"-0.5"`. */
export const formatQuantity = (quantity: Quantity): string =>
  formatDecimal(quantity, QUANTITY_SCALE, 0);

/** Whether the quantity is a whole number of shares. */
export const isWholeShares = (quantity: Quantity): boolean =>
  quantity % QUANTITY_UNITS_PER_SHARE === 0;

/** The shares as a float, for display only. */
export const quantityToFloat = (quantity: Quantity): number => quantity / QUANTITY_UNITS_PER_SHARE;

/** The sum, checked to be representable. */
export const addQuantities = (left: Quantity, right: Quantity): Quantity => {
  const sum = left + right;
  assert(Number.isSafeInteger(sum), "A sum of quantities stays representable.");
  return sum as Quantity;
};

/** The difference, checked to be representable. */
export const subtractQuantities = (left: Quantity, right: Quantity): Quantity =>
  addQuantities(left, negateQuantity(right));

/** The opposite quantity. */
export const negateQuantity = (quantity: Quantity): Quantity => (0 - quantity) as Quantity;

/** The quantity without its sign. */
export const absoluteQuantity = (quantity: Quantity): Quantity => Math.abs(quantity) as Quantity;

/** The smaller of two quantities. */
export const minQuantity = (left: Quantity, right: Quantity): Quantity =>
  Math.min(left, right) as Quantity;
