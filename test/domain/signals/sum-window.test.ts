import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  emptyWindow,
  type Summation,
  sumWindow,
} from "../../../shared/domain/signals/sum-window.ts";
import { sumAll } from "./sum-all.ts";

type Mark = { readonly atMs: number | undefined; readonly weight: number };

const SUMMATION: Summation<Mark, { weight: number; count: number }> = {
  timeOf: ({ atMs }) => atMs,
  zero: () => ({ weight: 0, count: 0 }),
  add: (sums, { weight }, sign) => {
    sums.weight += sign * weight;
    sums.count += sign;
  },
};

const marks = fc.record({ atMs: fc.nat({ max: 60 }), weight: fc.nat({ max: 1_000 }) });
const newestFirst = fc
  .array(marks, { maxLength: 40 })
  .map((list) => list.toSorted((left, right) => right.atMs - left.atMs));
const moments = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }))
  .map(([one, other]) => ({ fromMs: Math.min(one, other), toMs: Math.max(one, other) }));

const expected = (list: readonly Mark[], { fromMs, toMs }: { fromMs: number; toMs: number }) => {
  const counted = list.filter(
    ({ atMs }) => atMs !== undefined && atMs >= fromMs && atMs <= toMs,
  ) as readonly { readonly atMs: number; readonly weight: number }[];
  const times = counted.map((one) => one.atMs);
  return {
    sums: sumAll(SUMMATION, counted),
    newestAtMs: Math.max(...times),
    oldestAtMs: Math.min(...times),
  };
};

describe("the sums over a window", () => {
  it("are those of a list that slides, however far, whatever was summed before", () => {
    // Now and then the list stays the very same while time goes on, or back.
    const stretch = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 }), moments, fc.array(moments));
    fc.assert(
      fc.property(newestFirst, fc.array(stretch, { maxLength: 8 }), (all, steps) => {
        const window = emptyWindow(SUMMATION);
        for (const [from, length, within, later] of steps) {
          const list = all.slice(from, from + length);
          for (const each of [within, ...later]) {
            const before = structuredClone(window);
            const isMoved = sumWindow(SUMMATION, window, list, each);
            expect(window).toMatchObject(expected(list, each));
            if (!isMoved) expect(window).toEqual(before);
          }
        }
      }),
    );
  });

  it("are those of a list in any order, after a list in any order", () => {
    const list = fc.array(
      fc.record({ atMs: fc.option(fc.nat({ max: 60 }), { nil: undefined }), weight: fc.nat(9) }),
    );
    fc.assert(
      fc.property(list, list, moments, moments, (before, after, early, late) => {
        const window = emptyWindow(SUMMATION);
        sumWindow(SUMMATION, window, before, early);
        expect(window).toMatchObject(expected(before, early));
        const all = [...after, ...before];
        sumWindow(SUMMATION, window, all, late);
        expect(window).toMatchObject(expected(all, late));
      }),
    );
  });

  it("count only what came and what went", () => {
    let added = 0;
    const counting: typeof SUMMATION = {
      ...SUMMATION,
      add: (sums, each, sign) => {
        added++;
        return SUMMATION.add(sums, each, sign);
      },
    };
    const all = Array.from({ length: 50 }, (_none, index) => ({ atMs: 50 - index, weight: 1 }));
    const window = emptyWindow(counting);
    sumWindow(counting, window, all.slice(10), { fromMs: 5, toMs: 60 });
    expect(added).toBe(36);
    sumWindow(counting, window, all.slice(9), { fromMs: 6, toMs: 60 });
    expect(added).toBe(38);
    expect(window.sums).toEqual({ weight: 36, count: 36 });
  });

  it("are right after a record that could not be counted", () => {
    const failing: typeof SUMMATION = {
      ...SUMMATION,
      add: (sums, each, sign) => {
        if (each.weight === 7) throw new Error("It cannot be counted.");
        return SUMMATION.add(sums, each, sign);
      },
    };
    const within = { fromMs: 0, toMs: 60 };
    const good = [3, 2, 1].map((atMs) => ({ atMs, weight: 1 }));
    const window = emptyWindow(failing);
    sumWindow(failing, window, good, within);
    const more = [5, 4].map((atMs) => ({ atMs, weight: 11 - atMs }));
    const broken = [{ atMs: 6, weight: 1 }, ...more, ...good];
    expect(() => sumWindow(failing, window, broken, within)).toThrow("counted");
    for (const list of [good, good.slice(1)]) {
      sumWindow(failing, window, list, within);
      expect(window).toMatchObject(expected(list, within));
    }
  });
});
