import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the pressure from shares that were sold and not delivered, in steps. */
export const ftdPressure = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.daily.failsToDeliver === undefined) return undefined;
  const { quantity } = evidence.daily.failsToDeliver;
  if (quantity > 200_000) return 1;
  if (quantity > 100_000) return 0.67;
  if (quantity > 50_000) return 0.33;
  return quantity > 10_000 ? 0.1 : 0;
};
