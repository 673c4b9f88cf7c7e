import { alignmentOf } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";

/** Strength of the skew in implied volatility over time: 1.3 of it if aligned, else 0.7. */
export const ivTermSkew = (flow: EnrichedFlow): number | undefined => {
  const { ivTermSkew: input } = flow.evidence.daily;
  if (input === undefined) return undefined;
  const isAligned = alignmentOf(input.direction, flowDirection(flow)) === "aligned";
  return Math.abs(input.skew) * (isAligned ? 1.3 : 0.7);
};
