import { assert } from "../assert.ts";

const PATTERN = /^([+-]?)(\d{1,15})(?:\.(\d{1,18}))?$/;

/**
 * Reads a plain decimal such as `"-12.50"` as an integer count of 10^-scale, or `undefined` if it
 * is not one, is not exactly representable at that scale, or exceeds 2^53 units.
 */
export const parseDecimal = (text: string, scale: number): number | undefined => {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? "";
  if (fraction.length > scale && /[1-9]/.test(fraction.slice(scale))) return undefined;
  const units = Number((match[2] ?? "") + fraction.slice(0, scale).padEnd(scale, "0"));
  if (!Number.isSafeInteger(units)) return undefined;
  return match[1] === "-" && units !== 0 ? -units : units;
};

/**
 * Rounds a finite float to the nearest unit of 10^-scale; `undefined` if it cannot be held exactly.
 */
export const floatToUnits = (value: number, scale: number): number | undefined => {
  const units = Math.round(value * 10 ** scale);
  return Number.isSafeInteger(units) ? units + 0 : undefined;
};

/** Writes an integer count of 10^-scale as a plain decimal with at least `decimalsMin` places. */
export const formatDecimal = (units: number, scale: number, decimalsMin: number): string => {
  assert(Number.isSafeInteger(units), "A fixed-point number is a safe integer.");
  const digits = Math.abs(units)
    .toString()
    .padStart(scale + 1, "0");
  const point = digits.length - scale;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end--;
  const whole = digits.slice(0, point);
  const shown = digits.slice(point, end).padEnd(decimalsMin, "0");
  return `${units < 0 ? "-" : ""}${whole}${shown === "" ? "" : `.${shown}`}`;
};

const ZERO = "0".charCodeAt(0);
