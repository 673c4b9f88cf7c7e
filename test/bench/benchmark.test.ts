import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { medianOf, toRow, type Benchmark } from "../../bench/benchmark.ts";

const benchmark = (goal: Benchmark["goal"]): Benchmark => ({
  name: "speed",
  unit: "quotes/s",
  goal,
  measure: async () => ({ ours: 0 }),
});

describe("the median", () => {
  it("has as many values below it as above it, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const median = medianOf(values);
        const below = values.filter((value) => value < median).length;
        const above = values.filter((value) => value > median).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe("a row", () => {
  it("is null in every place where there is no peer and no goal", () => {
    expect(toRow(benchmark(undefined), { ours: 12.3456 })).toEqual({
      name: "speed",
      unit: "quotes/s",
      ours: 12.35,
      peer: null,
      peerValue: null,
      ratio: null,
      goal: null,
      ok: null,
    });
  });

  it("compares with the peer, and with the goal in its direction", () => {
    const measured = { ours: 120_000, peer: { name: "other", value: 60_000 } };
    const goal = { direction: "atLeast", value: 100_000 } as const;
    expect(toRow(benchmark(goal), measured)).toMatchObject({
      peer: "other",
      peerValue: 60_000,
      ratio: 2,
      goal: ">= 100000",
      ok: true,
    });
    expect(toRow(benchmark({ ...goal, direction: "atMost" }), measured)).toMatchObject({
      goal: "<= 100000",
      ok: false,
    });
  });
});
