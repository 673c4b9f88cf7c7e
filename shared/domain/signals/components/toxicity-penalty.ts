import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the penalty for toxic flow, from 0.3 on; its weight is negative. */
export const toxicityPenalty = ({ toxicity }: EnrichedFlow): number | undefined => {
  if (toxicity === undefined) return undefined;
  if (toxicity > 0.5) return (toxicity - 0.5) * 1.5;
  return toxicity >= 0.3 ? (toxicity - 0.3) * 0.5 : 0;
};
