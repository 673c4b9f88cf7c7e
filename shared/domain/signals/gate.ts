import type { CompositeScore } from "./score.ts";

/** How strict the gate is: `canary` for a variant on trial, `champion` the strictest. */
export type Tier = "base" | "canary" | "champion";

/** What a score must meet to be entered on. */
export type GatePolicy = {
  /** The least score of each tier. */
  readonly thresholds: Readonly<Record<Tier, number>>;
  readonly toxicityMax: number;
  readonly freshnessMin: number;
};

/** The model's own gate. */
export const DEFAULT_GATE_POLICY: GatePolicy = {
  thresholds: { base: 2.7, canary: 2.9, champion: 3.2 },
  toxicityMax: 0.9,
  freshnessMin: 0.25,
};

/** Why the gate stops a score. */
export type GateReason = "belowThreshold" | "toxic" | "toxicityUnknown" | "stale";

/** Every reason to stop a score; none lets it through. What is not a number stops it. */
export const gateReasons = (
  score: CompositeScore,
  tier: Tier,
  policy: GatePolicy,
): readonly GateReason[] => {
  const reasons: GateReason[] = [];
  // Each test asks whether the score meets the bound, so that NaN, on either side, does not.
  if (!(score.score >= thresholdOf(policy, tier))) reasons.push("belowThreshold");
  if (score.toxicity === undefined) reasons.push("toxicityUnknown");
  else if (!(score.toxicity <= policy.toxicityMax)) reasons.push("toxic");
  if (!(score.freshness >= policy.freshnessMin)) reasons.push("stale");
  return reasons;
};

/** Named one by one: looked up by a text that was read, the compiler would give up on it. */
const thresholdOf = ({ thresholds }: GatePolicy, tier: Tier): number => {
  switch (tier) {
    case "base":
      return thresholds.base;
    case "canary":
      return thresholds.canary;
    case "champion":
      return thresholds.champion;
  }
};
