import type { Json } from "./distort-body.ts";

/** A character that no answer holds, before the digits of a long whole number. */
const MARK = "\u0001";
const MARKED = /"\\u0001(-?\d+)"/g;

/** Writes JSON with every digit of a whole number beyond 2^53, as vendors write nanoseconds. */
export const writeJson = (body: Json): string => {
  let hasLong = false;
  const text = JSON.stringify(body, (_key, value: unknown) => {
    if (typeof value !== "bigint") return value;
    hasLong = true;
    return `${MARK}${value}`;
  });
  return hasLong ? text.replaceAll(MARKED, "$1") : text;
};
