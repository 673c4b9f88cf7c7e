import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "./direction.ts";
import type { EnrichedFlow } from "./enrich-flow.ts";
import type { MarketTide } from "./flow.ts";
import { freshnessOf } from "./freshness.ts";
import { type ComponentValue, type WeighedFlow, weighAgain, weighFlow } from "./weigh-flow.ts";
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
  /** What it rests on; goes over to the symbol's next score. */
  readonly weighed: WeighedFlow;
};

const SCORE_MAX = 8;

/**
 * Scores enriched evidence and the market's tide as of `nowMs`: the sum of every component's weight
 * times its strength, times freshness, within 0 to 8. What the symbol's score before rests on saves
 * work and changes nothing; it goes over to this one.
 */
export const scoreFlow = (
  flow: EnrichedFlow,
  tide: MarketTide | undefined,
  weights: Weights,
  nowMs: number,
  before?: WeighedFlow,
): CompositeScore => {
  // One whose weighing was not ended has values of two flows.
  const weighed = before?.weights === undefined ? weighFlow(flow, tide, weights) : before;
  // Most symbols' flow is as it was a minute before.
  if (weighed.flow !== flow || weighed.tide !== tide || weighed.weights !== weights) {
    weighAgain(weighed, flow, tide, weights);
  }
  const freshness = freshnessOf(flow.newestAlertAtMs, nowMs);
  return {
    symbol: flow.evidence.symbol,
    score: Math.min(SCORE_MAX, Math.max(0, weighed.sum * freshness)),
    direction: weighed.direction,
    components: weighed.components,
    missing: weighed.missing,
    freshness,
    toxicity: flow.toxicity,
    conviction: flow.sentiment?.conviction ?? 0,
    weighed,
  };
};
