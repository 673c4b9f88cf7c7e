import type { Direction } from "./direction.ts";
import type { EnrichedFlow } from "./enrich-flow.ts";

/** The direction of the options flow; neutral while none is known, so that nothing aligns. */
export const flowDirection = ({ sentiment }: EnrichedFlow): Direction =>
  sentiment === undefined ? "neutral" : sentiment.direction;
