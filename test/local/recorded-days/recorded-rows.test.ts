import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countStarted, createRecordedRows } from "../../../local/recorded-days/recorded-rows.ts";

const rowsOf = (starts: readonly number[]) =>
  createRecordedRows(
    starts.flatMap((startsAtMs) => [startsAtMs, startsAtMs * 2]),
    2,
    (numbers, offset) => numbers[offset + 1],
  );

describe("recorded rows", () => {
  it("are counted as started from their very moment on, with gaps or without", () => {
    const starts = fc
      .uniqueArray(fc.nat({ max: 30 }), { maxLength: 20 })
      .map((list) => list.toSorted((left, right) => left - right));
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: -2, max: 33 }),
        fc.integer({ min: 1, max: 3 }),
        (...input) => {
          const [list, atMs, rowMs] = input;
          const expected = list.filter((startsAtMs) => startsAtMs <= atMs).length;
          expect(countStarted(rowsOf(list), atMs, rowMs)).toBe(expected);
        },
      ),
    );
  });

  it("are made where there is one, and nothing elsewhere", () => {
    const rows = rowsOf([3, 4]);
    expect([-1, 0, 1, 2].map((index) => rows.at(index))).toEqual([undefined, 6, 8, undefined]);
    expect([rows.count, rows.startsAtMs(1), rows.startsAtMs(2)]).toEqual([2, 4, Number.NaN]);
  });
});
