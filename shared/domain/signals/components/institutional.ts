import { alignmentOf } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";

/** Strength of institutions' holdings, by how many hold (20 count in full) and by value. */
export const institutional = (flow: EnrichedFlow): number | undefined => {
  const { institutional: input } = flow.evidence.daily;
  if (input === undefined) return undefined;
  const activity = Math.min(1, input.holderCount / 20);
  switch (alignmentOf(input.direction, flowDirection(flow))) {
    case "aligned":
      return 0.5 + 0.5 * activity + Math.min(0.3, Math.max(0, input.valueShare));
    case "opposed":
      return -0.3 * activity;
    case "neither":
      return 0.15 * activity;
  }
};
