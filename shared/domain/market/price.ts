import { floatToUnits, formatDecimal, parseDecimal } from "./decimal.ts";

declare const priceBrand: unique symbol;

/** A price in ten-thousandths of a US dollar (187.25 USD is 1_872_500). Always a safe integer. */
export type Price = number & { readonly [priceBrand]: true };

/** Decimal places a price holds: the finest tick of a US equity below one dollar. */
export const PRICE_SCALE = 4;

/** Price units in one US dollar. */
export const PRICE_UNITS_PER_USD = 10_000;

/** Reads `"187.25"`; `undefined` if it is not a decimal or is finer than a ten-thousandth. */
export const parsePrice = (text: string): Price | undefined =>
  parseDecimal(text, PRICE_SCALE) as Price | undefined;

/**
 * Rounds a float from the wire to the nearest ten-thousandth; `undefined` if not finite or too big.
 */
export const priceFromFloat = (usd: number): Price | undefined =>
  floatToUnits(usd, PRICE_SCALE) as Price | undefined;

/** Takes an integer count of ten-thousandths, as recorded days hold it; `undefined` if not one. */
export const priceFromUnits = (units: number): Price | undefined =>
  Number.isSafeInteger(units) ? (units as Price) : undefined;

/** Writes a price in dollars with at least two decimals: `"187.25"`. */
export const formatPrice = (price: Price): string => formatDecimal(price, PRICE_SCALE, 2);

/** Halfway between bid and ask, rounded to a ten-thousandth. */
export const midOf = (bid: number, ask: number): Price => Math.round((bid + ask) / 2) as Price;

/** The price in dollars as a float, for scores, indicators and display only. */
export const priceToFloat = (price: Price): number => price / PRICE_UNITS_PER_USD;

/** Returns `price` times `factor`, to the nearest valid tick: a cent at one dollar or more. */
export const scalePrice = (price: Price, factor: number): Price => roundToTick(price * factor);

/** The nearest valid tick at or above `units`. */
export const ceilToTick = (units: number): Price => {
  const tick = tickAt(units);
  return (Math.ceil(units / tick) * tick) as Price;
};

/** The nearest valid tick at or below `units`. */
export const floorToTick = (units: number): Price => {
  const tick = tickAt(units);
  return (Math.floor(units / tick) * tick) as Price;
};

/** Rounds units to a tick a US exchange accepts (Rule 612): 0.01 from 1 USD on, 0.0001 below. */
export const roundToTick = (units: number): Price => {
  const tick = tickAt(units);
  return (Math.round(units / tick) * tick) as Price;
};

const tickAt = (units: number): 100 | 1 => (units >= PRICE_UNITS_PER_USD ? 100 : 1);
