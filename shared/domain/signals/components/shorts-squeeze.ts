import type { EnrichedFlow } from "../enrich-flow.ts";
import { squeezeSignsOf } from "../evidence/squeeze-signs.ts";
import { flowDirection } from "../flow-direction.ts";

/** Strength of a possible short squeeze under bullish flow: a third for each sign of it. */
export const shortsSqueeze = (flow: EnrichedFlow): number | undefined => {
  const { shorts } = flow.evidence.daily;
  if (shorts === undefined) return undefined;
  return flowDirection(flow) === "bullish" ? squeezeSignsOf(shorts) / 3 : 0;
};
