import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
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
