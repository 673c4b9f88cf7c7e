import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import type { FunnelCounts } from "../../../shared/domain/funnel/funnel.ts";
import {
  distributionOf,
  SCORE_BINS,
  scoreBinOf,
} from "../../../shared/domain/funnel/score-distribution.ts";

const countsOf = (bins: Readonly<Record<string, number>>): FunnelCounts => ({
  passed: {},
  stopped: {},
  scores: bins,
});

const times = (bins: readonly number[], factor: number): FunnelCounts =>
  countsOf(Object.fromEntries(bins.map((count, bin) => [bin, count * factor])));

const usual = countsOf({ 0: 400, 1: 500, 2: 300, 3: 200, 4: 100, 5: 40 });

describe("the distribution of scores", () => {
  it("never drifts from itself, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(500), { minLength: SCORE_BINS, maxLength: SCORE_BINS }),
        (bins) => {
          const counts = countsOf(Object.fromEntries(bins.entries()));
          const { drift, verdict } = distributionOf(counts, [counts]);
          if (drift === null) expect(verdict).toBe("unknown");
          else expect([drift, verdict]).toEqual([expect.closeTo(0, 9), "stable"]);
        },
      ),
    );
  });

  it("drifts when a field is lost and every score falls", () => {
    const fallen = countsOf({ 0: 1_300, 1: 200, 2: 40 });
    expect(distributionOf(fallen, [usual, usual]).verdict).toBe("drifted");
  });

  it("holds one verdict on a change, however many symbols show it, once there are enough", () => {
    const before = [40, 50, 30, 20, 10, 4];
    const after = [66, 50, 22, 10, 4, 2];
    const verdicts = [10, 30, 300, 3_000].map((factor) => {
      const { drift, verdict } = distributionOf(times(after, factor), [times(before, factor)]);
      return { isBeyondNothing: drift !== null && drift >= 0.1, verdict };
    });
    expect(verdicts.map(({ isBeyondNothing }) => isBeyondNothing)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      "unknown",
      "unknown",
      "shifted",
      "shifted",
    ]);
  });

  it("seldom finds a drift where symbols stay as they are for half an hour each", () => {
    const random = createSeededRandom(7);
    const samples = Array.from({ length: 400 }, () => {
      const bins = Array<number>(SCORE_BINS).fill(0);
      // Four symbols over half a day, each half-hour at one score of the same twelve.
      for (let look = 0; look < 4 * 6; look++) {
        const bin = Math.floor(random.next() * 12);
        bins[bin] = (bins[bin] ?? 0) + 30;
      }
      return countsOf(Object.fromEntries(bins.entries()));
    });
    const verdicts = samples.slice(1).map((sample, index) => {
      const before = samples[index];
      return distributionOf(sample, before === undefined ? [] : [before]).verdict;
    });
    const drifted = verdicts.filter((verdict) => verdict === "drifted" || verdict === "shifted");
    expect(drifted.length).toBeLessThan(verdicts.length * 0.1);
  });

  it("says nothing of too few scores", () => {
    expect(distributionOf(countsOf({ 0: 50 }), [usual])).toMatchObject({
      verdict: "unknown",
      drift: null,
    });
    expect(distributionOf(usual, []).verdict).toBe("unknown");
  });

  it("has a bin for each half point, and none beyond", () => {
    expect([0, 0.49, 0.5, 2.7, 8].map(scoreBinOf)).toEqual([0, 0, 1, 5, 15]);
  });
});
