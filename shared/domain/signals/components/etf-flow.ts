import { alignmentOf } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";

/** Strength of money moving into or out of funds: 0.5 to 1 if aligned, -0.3 if opposed. */
export const etfFlow = (flow: EnrichedFlow): number | undefined => {
  const { etfFlow: input } = flow.evidence.daily;
  if (input === undefined) return undefined;
  switch (alignmentOf(input.direction, flowDirection(flow))) {
    case "aligned":
      return 0.5 + 0.5 * Math.min(1, Math.max(0, input.strength));
    case "opposed":
      return -0.3;
    case "neither":
      return 0;
  }
};
