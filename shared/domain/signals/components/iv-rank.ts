import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of implied volatility's rank in its year: cheap options help, dear ones hurt. */
export const ivRank = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.daily.ivRank === undefined) return undefined;
  const { rank } = evidence.daily.ivRank;
  // A share instead of a percentage, or no number, is no rank.
  if (!(rank >= 0 && rank <= 100)) return undefined;
  if (rank < 20) return 1;
  if (rank < 30) return 0.5;
  if (rank <= 70) return 0.15;
  return rank <= 80 ? -0.5 : -1;
};
