import type { EnrichedFlow } from "./enrich-flow.ts";
import type { MarketTide } from "./flow.ts";
import { freshnessOf } from "./freshness.ts";
import { type WeighedFlow, weighAgain, weighFlow } from "./weigh-flow.ts";
import type { Weights } from "./weights.ts";

/**
 * How strongly the evidence on a symbol points one way. The symbol's next score is written over it:
 * who needs it for longer takes what it says.
 */
export type CompositeScore = Readonly<
  Pick<
    WeighedFlow,
    | "symbol"
    | "score"
    | "direction"
    | "components"
    | "missing"
    | "freshness"
    | "toxicity"
    | "conviction"
  >
>;

const SCORE_MAX = 8;

/**
 * Scores enriched evidence and the market's tide as of `nowMs`: the sum of every component's weight
 * times its strength, times freshness, within 0 to 8. The symbol's score before is what is returned
 * again, changed: it saves work and makes no difference.
 */
export const scoreFlow = (
  flow: EnrichedFlow,
  tide: MarketTide | undefined,
  weights: Weights,
  nowMs: number,
  before?: WeighedFlow,
): WeighedFlow => {
  // One whose weighing was not ended has values of two flows.
  const weighed = before?.weights === undefined ? weighFlow(flow, tide, weights) : before;
  // Most symbols' flow is as it was a minute before.
  if (weighed.flow !== flow || weighed.tide !== tide || weighed.weights !== weights) {
    weighAgain(weighed, flow, tide, weights);
  }
  weighed.freshness = freshnessOf(weighed.newestAlertAtMs, nowMs);
  weighed.score = Math.min(SCORE_MAX, Math.max(0, weighed.sum * weighed.freshness));
  return weighed;
};
