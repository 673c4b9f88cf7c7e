import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the vendor's squeeze score: in full if high, half with at least one sign. */
export const squeezeScore = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.squeeze === undefined) return undefined;
  if (evidence.squeeze.isHigh) return 1;
  return evidence.squeeze.signCount > 0 ? 0.5 : 0;
};
