import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_GATE_POLICY,
  gateReasons,
  type GateReason,
  type Tier,
} from "../../../shared/domain/signals/gate.ts";
import { scoreFlow, type CompositeScore } from "../../../shared/domain/signals/score.ts";
import { DEFAULT_WEIGHTS } from "../../../shared/domain/signals/weights.ts";
import { enrichedFlows } from "./arbitraries.ts";
import { REFERENCE_AT_MS, REFERENCE_FLOW } from "./reference-flow.ts";

const reference = scoreFlow(REFERENCE_FLOW, undefined, DEFAULT_WEIGHTS, REFERENCE_AT_MS);

const reasonsOf = (change: Partial<CompositeScore>, tier: Tier = "base"): readonly GateReason[] =>
  gateReasons({ ...reference, ...change }, tier, DEFAULT_GATE_POLICY);

describe("the gate", () => {
  it("lets the reference through in every tier", () => {
    for (const tier of ["base", "canary", "champion"] as const) {
      expect(reasonsOf({}, tier)).toEqual([]);
    }
  });

  it("lets a score through only if all of its bounds hold", () => {
    fc.assert(
      fc.property(enrichedFlows, fc.nat({ max: 7_200_000 }), (flow, ageMs) => {
        const score = scoreFlow(flow, undefined, DEFAULT_WEIGHTS, REFERENCE_AT_MS + ageMs);
        const passes = gateReasons(score, "base", DEFAULT_GATE_POLICY).length === 0;
        expect(passes).toBe(
          score.score >= 2.7 &&
            score.toxicity !== undefined &&
            score.toxicity <= 0.9 &&
            score.freshness >= 0.25,
        );
      }),
    );
  });

  it("is never looser in a stricter tier", () => {
    fc.assert(
      fc.property(enrichedFlows, (flow) => {
        const score = scoreFlow(flow, undefined, DEFAULT_WEIGHTS, REFERENCE_AT_MS);
        const counts = (["base", "canary", "champion"] as const).map(
          (tier) => gateReasons(score, tier, DEFAULT_GATE_POLICY).length,
        );
        expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      }),
    );
  });

  it.each<[Tier, number, readonly GateReason[]]>([
    ["base", 2.7, []],
    ["base", 2.69, ["belowThreshold"]],
    ["canary", 2.89, ["belowThreshold"]],
    ["champion", 3.2, []],
    ["champion", 3.19, ["belowThreshold"]],
  ])("in the tier %s with %d says %j", (tier, score, reasons) => {
    expect(reasonsOf({ score }, tier)).toEqual(reasons);
  });

  it("collects every reason, and stops what is not known or is no number", () => {
    expect(reasonsOf({ score: 1, toxicity: 0.91, freshness: 0.2 })).toEqual([
      "belowThreshold",
      "toxic",
      "stale",
    ]);
    expect(reasonsOf({ score: Number.NaN, toxicity: undefined, freshness: Number.NaN })).toEqual([
      "belowThreshold",
      "toxicityUnknown",
      "stale",
    ]);
  });
});
