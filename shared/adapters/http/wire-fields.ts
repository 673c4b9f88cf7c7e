import { PRICE_UNITS_PER_USD, type Price } from "../../domain/market/price.ts";
import { parseTimestamp } from "./parse-timestamp.ts";

/** A JSON object of which nothing is known yet. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** Names what is wrong with something from the wire: its path and what was expected there. */
export type WireProblem = string;

/** Whether it is a JSON object; a list is none. */
export const isRecord = (value: unknown): value is WireRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a vendor left a part out, which each of them may do by leaving it out or by null. */
export const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null;

/** A price in USD, to the nearest ten-thousandth; 0 stands for none, `undefined` for no price. */
export const priceOf = (value: unknown): Price | undefined => {
  if (typeof value !== "number" || !(value >= 0)) return undefined;
  const units = Math.round(value * PRICE_UNITS_PER_USD);
  return units <= Number.MAX_SAFE_INTEGER ? (units as Price) : undefined;
};

/**
 * A count such as a number of shares: not negative, not always whole, and not beyond 2^53, so that
 * neither a round lot's worth of it nor the sum of a day can be more than any number.
 */
export const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;

/** An RFC 3339 time as epoch ms, within the years that a market's time can be in. */
export const timeOf = (value: unknown): number | undefined =>
  typeof value === "string" ? plausibleMs(parseTimestamp(value)) : undefined;

/** Whole seconds since 1970 as epoch ms. */
export const secondsOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) ? plausibleMs(value * 1_000) : undefined;

/** Whole milliseconds since 1970. */
export const millisecondsOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) ? plausibleMs(value) : undefined;

/**
 * Nanoseconds since 1970, which are beyond 2^53 and therefore kept as text, as epoch ms; what is
 * finer is cut off. Digit by digit, because every quote has such a time.
 */
export const nanosecondsOf = (value: unknown): number | undefined => {
  if (typeof value !== "string") return undefined;
  const { length } = value;
  if (length !== NANOSECONDS_LENGTH && length !== NANOSECONDS_LENGTH - 1) return undefined;
  let epochMs = 0;
  for (let at = 0; at < length; at++) {
    const digit = value.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    if (at < length - FINER_DIGITS) epochMs = epochMs * 10 + digit;
  }
  return plausibleMs(epochMs);
};

/** Digits of a time since September 2001; the years before have one less. */
const NANOSECONDS_LENGTH = 19;
/** Digits of a time in nanoseconds that are finer than a millisecond. */
const FINER_DIGITS = 6;
const ZERO = "0".charCodeAt(0);

const FIRST_MS = Date.UTC(1990, 0, 1);
const LAST_MS = Date.UTC(2200, 0, 1);

/** A time in another unit than it is believed to be lies centuries away. */
const plausibleMs = (epochMs: number | undefined): number | undefined =>
  epochMs !== undefined && epochMs >= FIRST_MS && epochMs < LAST_MS ? epochMs : undefined;
