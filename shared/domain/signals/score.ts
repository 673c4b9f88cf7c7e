import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "./direction.ts";
import type { EnrichedFlow } from "./enrich-flow.ts";
import { freshnessOf } from "./freshness.ts";
import { type ComponentValue, type WeighedFlow, weighFlow } from "./weigh-flow.ts";
import type { ComponentName, Weights } from "./weights.ts";

/** How strongly the evidence on a symbol points one way. */
export type CompositeScore = {
  readonly symbol: Ticker;
  /** 0 to 8. */
  readonly score: number;
  readonly direction: Direction;
  /** Those with input, in the order of the model. */
  readonly components: readonly ComponentValue[];
  /** Those without: they contribute nothing. */
  readonly missing: readonly ComponentName[];
  /** 0 to 1. */
  readonly freshness: number;
  /** 0 to 1; `undefined` if not known. */
  readonly toxicity: number | undefined;
  /** 0 to 1; 0 if there is no sentiment, which then is among the missing. */
  readonly conviction: number;
  readonly scoredAtMs: number;
  /** What it rests on; the symbol's next score goes on from it. */
  readonly weighed: WeighedFlow;
};

const SCORE_MAX = 8;

/**
 * Scores enriched evidence as of `nowMs`: the sum of every component's weight times its strength,
 * times freshness, within 0 to 8. The symbol's score before saves work and changes nothing.
 */
export const scoreFlow = (
  flow: EnrichedFlow,
  weights: Weights,
  nowMs: number,
  before?: CompositeScore,
): CompositeScore => {
  // Most symbols' flow is as it was a minute before, and so is what it alone decides.
  const timeless =
    before?.weighed.flow === flow && before.weighed.weights === weights
      ? before
      : timelessOf(weighFlow(flow, weights, before?.weighed));
  const { weighed } = timeless;
  const freshness = freshnessOf(flow.newestAlertAtMs, nowMs);
  return {
    symbol: timeless.symbol,
    score: Math.min(SCORE_MAX, Math.max(0, weighed.sum * freshness)),
    direction: timeless.direction,
    components: timeless.components,
    missing: timeless.missing,
    freshness,
    toxicity: timeless.toxicity,
    conviction: timeless.conviction,
    scoredAtMs: nowMs,
    weighed,
  };
};

/** What of a score does not change with the time. */
const timelessOf = (
  weighed: WeighedFlow,
): Omit<CompositeScore, "score" | "freshness" | "scoredAtMs"> => ({
  symbol: weighed.flow.evidence.symbol,
  direction: weighed.direction,
  components: weighed.components,
  missing: weighed.missing,
  toxicity: weighed.flow.toxicity,
  conviction: weighed.flow.sentiment?.conviction ?? 0,
  weighed,
});
