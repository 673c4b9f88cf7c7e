import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the agreement between flow and coming events, as stated. */
export const eventAlignment = ({ evidence }: EnrichedFlow): number | undefined =>
  evidence.daily.eventAlignment?.alignment;
