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

/**
 * Every reason to stop a score; none lets it through. What is not a number stops it. The same
 * reasons are the same list.
 */
export const gateReasons = (
  score: CompositeScore,
  tier: Tier,
  policy: GatePolicy,
): readonly GateReason[] => {
  // Each test asks whether the score meets the bound, so that NaN, on either side, does not.
  const isBelow = !(score.score >= thresholdOf(policy, tier));
  const isUnknown = score.toxicity === undefined;
  const isToxic = score.toxicity !== undefined && !(score.toxicity <= policy.toxicityMax);
  const isStale = !(score.freshness >= policy.freshnessMin);
  const place = (isBelow ? 1 : 0) + (isUnknown ? 2 : 0) + (isToxic ? 4 : 0) + (isStale ? 8 : 0);
  return LISTS[place] ?? REASONS;
};

/** In the order in which they are told; each counts twice what the one before it does. */
const REASONS: readonly GateReason[] = ["belowThreshold", "toxicityUnknown", "toxic", "stale"];

/** Every list of reasons by the sum of their counts: a replay gates thousands of scores a second. */
const LISTS: readonly (readonly GateReason[])[] = Array.from({ length: 16 }, (_none, sum) =>
  REASONS.filter((_reason, place) => Math.floor(sum / 2 ** place) % 2 === 1),
);

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
