import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the volatility smile: the size of its slope. */
export const smileSlope = ({ evidence }: EnrichedFlow): number | undefined =>
  evidence.daily.smileSlope === undefined ? undefined : Math.abs(evidence.daily.smileSlope.slope);
