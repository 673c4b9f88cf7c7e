import { alignmentOf } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";

/** Strength of the change in open interest, in steps of its size; the upper ones if aligned. */
export const oiChange = (flow: EnrichedFlow): number | undefined => {
  const { openInterestChange: input } = flow.evidence.daily;
  if (input === undefined) return undefined;
  const size = Math.abs(input.change);
  if (alignmentOf(input.direction, flowDirection(flow)) === "aligned") {
    if (size > 50_000) return 1;
    if (size > 20_000) return 0.57;
  }
  if (size > 10_000) return 0.29;
  return size > 1_000 ? 0.1 : 0;
};
