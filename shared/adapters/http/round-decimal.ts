const PATTERN = /^([+-]?)(\d{1,15})(?:\.(\d{1,40}))?$/;

/**
 * Reads a plain decimal of any fineness, such as `"100.123456789"`, rounded to the nearest unit of
 * 10^-scale (halves away from zero); `undefined` if it is not one or exceeds 2^53 units.
 */
export const roundDecimal = (text: string, scale: number): number | undefined => {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const fraction = (match[3] ?? "").padEnd(scale + 1, "0");
  const kept = Number((match[2] ?? "") + fraction.slice(0, scale));
  const units = kept + (fraction.charCodeAt(scale) >= FIVE ? 1 : 0);
  if (!Number.isSafeInteger(units)) return undefined;
  return match[1] === "-" && units !== 0 ? -units : units;
};

const FIVE = "5".charCodeAt(0);
