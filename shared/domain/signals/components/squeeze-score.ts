import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the vendor's squeeze score: in full if high, half with at least one sign. */
export const squeezeScore = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.daily.squeeze === undefined) return undefined;
  if (evidence.daily.squeeze.isHigh) return 1;
  return evidence.daily.squeeze.signCount > 0 ? 0.5 : 0;
};
