import { err, ok, type Result } from "../../domain/result.ts";

/**
 * Reads JSON so that no whole number loses digits: one beyond 2^53, such as a time in nanoseconds,
 * becomes its text. Anything that is not JSON is a refusal, never a throw.
 */
export const parseJson = (text: string): Result<unknown, "notJson"> => {
  try {
    // Asking for each number's text costs time, so only texts with a number that long pay for it.
    return ok(LONG_NUMBER.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text));
  } catch {
    return err("notJson");
  }
};

const LONG_NUMBER = /\d{16}/;
const INTEGER = /^-?\d+$/;

const keepLongIntegers = (
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown =>
  typeof value === "number" && !Number.isSafeInteger(value) && INTEGER.test(context?.source ?? "")
    ? context?.source
    : value;
