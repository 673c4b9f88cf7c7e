import { alignmentOf } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";

/** Strength of trades by members of Congress, by how many are recent: ten count in full. */
export const congress = (flow: EnrichedFlow): number | undefined => {
  const { congress: input } = flow.evidence.daily;
  if (input === undefined) return undefined;
  const activity = Math.min(1, input.recentTradeCount / 10);
  switch (alignmentOf(input.direction, flowDirection(flow))) {
    case "aligned":
      return 0.6 + 0.4 * activity;
    case "opposed":
      return -0.4 * activity;
    case "neither":
      return 0.2 * activity;
  }
};
