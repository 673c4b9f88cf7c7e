import type { RowRejection } from "./recorded-day.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
const ZERO = 48;
/** Fifteen digits always fit a safe integer. */
const DIGITS_MAX = 15;

/**
 * Takes one row's fields, valid only during the call; answers why it refuses the row, if it does.
 */
export type TakeRow = (fields: Float64Array) => RowRejection | undefined;

/**
 * What came of a file: rows seen (blank lines apart), and how many were refused for each reason.
 */
export type ParsedRows = {
  readonly rowsRead: number;
  readonly rejected: Map<RowRejection, number>;
};

/**
 * Reads rows of exactly `fieldCount` non-negative integers, separated by commas, from ASCII bytes.
 * It works on the bytes, because splitting text into fields would cost most of a replay's start.
 */
export const parseRows = (bytes: Uint8Array, fieldCount: number, takeRow: TakeRow): ParsedRows => {
  const fields = new Float64Array(fieldCount);
  const rejected = new Map<RowRejection, number>();
  let rowsRead = 0;
  let at = 0;
  while (at < bytes.length) {
    const endsAt = endOfLine(bytes, at);
    const contentEndsAt =
      endsAt > at && bytes[endsAt - 1] === CARRIAGE_RETURN ? endsAt - 1 : endsAt;
    if (contentEndsAt > at) {
      rowsRead++;
      const rejection = readFields(bytes, at, contentEndsAt, fields) ?? takeRow(fields);
      if (rejection !== undefined) rejected.set(rejection, (rejected.get(rejection) ?? 0) + 1);
    }
    at = endsAt + 1;
  }
  return { rowsRead, rejected };
};

const endOfLine = (bytes: Uint8Array, from: number): number => {
  const found = bytes.indexOf(NEWLINE, from);
  return found === -1 ? bytes.length : found;
};

const readFields = (
  bytes: Uint8Array,
  from: number,
  to: number,
  fields: Float64Array,
): RowRejection | undefined => {
  let field = 0;
  let value = 0;
  let digits = 0;
  for (let at = from; at <= to; at++) {
    const byte = at === to ? COMMA : (bytes[at] ?? COMMA);
    if (byte === COMMA) {
      if (field === fields.length) return "wrongFieldCount";
      if (digits === 0 || digits > DIGITS_MAX) return "notAnInteger";
      fields[field++] = value;
      value = 0;
      digits = 0;
    } else {
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9) return "notAnInteger";
      value = value * 10 + digit;
      digits++;
    }
  }
  return field === fields.length ? undefined : "wrongFieldCount";
};
