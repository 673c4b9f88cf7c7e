import { numberAt, STARTS_AT } from "./row-numbers.ts";

/**
 * Recorded rows in the order of time. They are kept as plain numbers side by side, because a
 * recording holds millions, and made into objects when they are looked at.
 */
export type RecordedRows<Row> = {
  readonly count: number;
  /** Of each row the same count of numbers, one row behind the other. */
  readonly numbers: Float64Array;
  /** When the row's minute starts, epoch ms; NaN where there is no such row. */
  readonly startsAtMs: (index: number) => number;
  readonly at: (index: number) => Row | undefined;
};

/** Makes a row from its numbers, which stand in `numbers` from `offset` on. */
export type ReadRow<Row> = (numbers: Float64Array, offset: number) => Row;

/** Rows of `width` numbers each, all in one list. */
export const createRecordedRows = <Row>(
  list: readonly number[],
  width: number,
  readRow: ReadRow<Row>,
): RecordedRows<Row> => {
  const numbers = Float64Array.from(list);
  const count = numbers.length / width;
  return {
    count,
    numbers,
    // Asked here: once a list of numbers is read past its end, reading any of them anywhere is slow.
    startsAtMs: (index) =>
      index >= 0 && index < count ? numberAt(numbers, index * width + STARTS_AT) : Number.NaN,
    at: (index) => (index >= 0 && index < count ? readRow(numbers, index * width) : undefined),
  };
};

/** How many rows, counted from the first, have started at a moment (epoch ms), found by halving. */
export const countStarted = (
  { count, startsAtMs }: RecordedRows<unknown>,
  atMs: number,
  rowMs: number,
): number => {
  // Most days hold every minute, and then the row is where it is expected.
  const expected = Math.floor((atMs - startsAtMs(0)) / rowMs);
  const isHere = startsAtMs(expected) <= atMs && !(startsAtMs(expected + 1) <= atMs);
  if (isHere) return expected + 1;
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (startsAtMs(middle) <= atMs) from = middle + 1;
    else to = middle;
  }
  return from;
};
