import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Summation, sumWindow } from "../../../shared/domain/signals/sum-window.ts";
import { sumAll } from "./sum-all.ts";

type Mark = { readonly atMs: number | undefined; readonly weight: number };

const SUMMATION: Summation<Mark, { weight: number; count: number }> = {
  timeOf: ({ atMs }) => atMs,
  zero: { weight: 0, count: 0 },
  copy: (sums) => ({ ...sums }),
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
  const newestAtMs = counted.length === 0 ? undefined : Math.max(...counted.map((one) => one.atMs));
  return { sums: sumAll(SUMMATION, counted), newestAtMs };
};

describe("the sums over a window", () => {
  it("are those of a list that slides, however far, whatever was summed before", () => {
    // Now and then the list stays the very same while time goes on, or back.
    const stretch = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 }), moments, fc.array(moments));
    fc.assert(
      fc.property(newestFirst, fc.array(stretch, { maxLength: 8 }), (all, steps) => {
        let window:
          | ReturnType<typeof sumWindow<Mark, { weight: number; count: number }>>
          | undefined;
        for (const [from, length, within, later] of steps) {
          const list = all.slice(from, from + length);
          for (const each of [within, ...later]) {
            window = sumWindow(SUMMATION, list, each, window);
            expect(window).toMatchObject(expected(list, each));
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
        const window = sumWindow(SUMMATION, before, early, undefined);
        expect(window).toMatchObject(expected(before, early));
        expect(sumWindow(SUMMATION, [...after, ...before], late, window)).toMatchObject(
          expected([...after, ...before], late),
        );
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
    const window = sumWindow(counting, all.slice(10), { fromMs: 5, toMs: 60 }, undefined);
    expect(added).toBe(36);
    const next = sumWindow(counting, all.slice(9), { fromMs: 6, toMs: 60 }, window);
    expect(added).toBe(38);
    expect(next.sums).toEqual({ weight: 36, count: 36 });
  });
});
