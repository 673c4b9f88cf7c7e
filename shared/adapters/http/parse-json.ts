import { err, ok, type Result } from "../../domain/result.ts";

/**
 * Reads JSON so that no whole number loses digits: one beyond 2^53, such as a time in nanoseconds,
 * becomes its text. Anything that is not JSON is a refusal, never a throw.
 */
export const parseJson = (text: string): Result<unknown, "notJson"> => {
  if (!hasDigitRun(text)) return parse(text);
  // Quotes around long numbers read them several times as fast as a reviver. Within a string the
  // same characters would be quoted too, which ends the string early and is therefore no JSON any
  // more.
  const quoted = parse(text.replaceAll(LONG_INTEGER, quoteLongInteger));
  return quoted.ok ? quoted : parse(text, keepLongIntegers);
};

/** Digits in a row that a whole number has at least if it is beyond 2^53. */
const RUN = 16;

/**
 * Whether so many digits stand in a row anywhere. Such a run covers one of every so many places,
 * and only those are looked at: a pattern that looks at each costs as much as parsing does.
 */
const hasDigitRun = (text: string): boolean => {
  for (let at = RUN - 1; at < text.length; at += RUN) {
    if (!isDigit(text, at)) continue;
    let from = at;
    let to = at + 1;
    while (from > 0 && at - from < RUN && isDigit(text, from - 1)) from--;
    while (to < text.length && to - from < RUN && isDigit(text, to)) to++;
    if (to - from >= RUN) return true;
  }
  return false;
};

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

/** A whole number of 16 digits or more where a value stands. */
const LONG_INTEGER = /([:,[]\s*)(-?[1-9]\d{15,})(?=\s*[,}\]])/g;
const INTEGER = /^-?\d+$/;

const quoteLongInteger = (written: string, before: string, digits: string): string =>
  Number.isSafeInteger(Number(digits)) ? written : `${before}"${digits}"`;

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const parse = (text: string, revive?: Reviver): Result<unknown, "notJson"> => {
  try {
    return ok(revive === undefined ? JSON.parse(text) : JSON.parse(text, revive));
  } catch {
    return err("notJson");
  }
};

const keepLongIntegers: Reviver = (_key, value, context) =>
  typeof value === "number" && !Number.isSafeInteger(value) && INTEGER.test(context?.source ?? "")
    ? context?.source
    : value;
