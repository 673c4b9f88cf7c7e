import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";

const SHORT_INTEREST_SHARE = 0.15;
const DAYS_TO_COVER = 5;
const FAILS_TO_DELIVER = 100_000;

/** Strength of a possible short squeeze under bullish flow: a third for each sign of it. */
export const shortsSqueeze = (flow: EnrichedFlow): number | undefined => {
  const { shorts } = flow.evidence;
  if (shorts === undefined) return undefined;
  if (flowDirection(flow) !== "bullish") return 0;
  let signs = 0;
  if (isAbove(shorts.shortInterestShare, SHORT_INTEREST_SHARE)) signs++;
  if (isAbove(shorts.daysToCover, DAYS_TO_COVER)) signs++;
  if (isAbove(shorts.failsToDeliver, FAILS_TO_DELIVER)) signs++;
  return signs / 3;
};

const isAbove = (value: number | undefined, limit: number): boolean =>
  value !== undefined && value > limit;
