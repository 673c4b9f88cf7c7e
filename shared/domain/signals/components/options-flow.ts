import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of the options flow: its conviction, with 0.2 added while that is below 0.3. */
export const optionsFlow = ({ sentiment }: EnrichedFlow): number | undefined => {
  if (sentiment === undefined) return undefined;
  const { conviction } = sentiment;
  return Math.min(1, conviction > 0 && conviction < 0.3 ? conviction + 0.2 : conviction);
};
