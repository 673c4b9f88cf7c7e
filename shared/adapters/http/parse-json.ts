import { err, ok, type Result } from "../../domain/result.ts";

/**
 * Reads JSON so that no whole number loses digits: one beyond 2^53, such as a time in nanoseconds,
 * becomes its text. Anything that is not JSON is a refusal, never a throw.
 */
export const parseJson = (text: string): Result<unknown, "notJson"> => {
  if (!LONG_NUMBER.test(text)) return parse(text);
  // Quotes around long numbers read them several times as fast as a reviver. Within a string the same
  // characters would be quoted too, which ends the string early and is therefore no JSON any more.
  const quoted = parse(text.replaceAll(LONG_INTEGER, quoteLongInteger));
  return quoted.ok ? quoted : parse(text, keepLongIntegers);
};

const LONG_NUMBER = /\d{16}/;
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
