import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of dealers' gamma exposure, in steps of its size. */
export const greeksGamma = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.daily.greeks === undefined) return undefined;
  const size = Math.abs(evidence.daily.greeks.gammaExposure);
  if (size > 500_000) return 0.5;
  if (size > 100_000) return 0.25;
  return size > 10_000 ? 0.1 : 0;
};
