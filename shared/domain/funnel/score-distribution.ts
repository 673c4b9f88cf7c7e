import type { FunnelCounts } from "./funnel.ts";

/** How a session's scores are spread, and whether that has changed (R9). */
export type ScoreDistribution = {
  /** Counts of scores by half a point, from 0 to 8. */
  readonly bins: readonly number[];
  /** The same of earlier sessions together. */
  readonly usual: readonly number[];
  /**
   * How far both are apart (a population stability index): below 0.1 nothing, above 0.25 the scores
   * are of another kind, whatever the market does. Null while either has too few.
   */
  readonly drift: number | null;
  readonly verdict: "stable" | "shifted" | "drifted" | "unknown";
};

/** Bins of half a point. */
export const SCORE_BINS = 16;

const SCORES_MIN = 200;
const SHIFTED_FROM = 0.1;
const DRIFTED_FROM = 0.25;

/** The bin of a score (0 to 8). */
export const scoreBinOf = (score: number): number =>
  Math.min(SCORE_BINS - 1, Math.max(0, Math.floor(score * 2)));

/** Compares a session's scores with those of earlier ones. */
export const distributionOf = (
  today: FunnelCounts,
  history: readonly FunnelCounts[],
): ScoreDistribution => {
  const bins = binsOf([today]);
  const usual = binsOf(history);
  if (sum(bins) < SCORES_MIN || sum(usual) < SCORES_MIN) {
    return { bins, usual, drift: null, verdict: "unknown" };
  }
  const drift = stabilityIndex(bins, usual);
  const verdict = drift >= DRIFTED_FROM ? "drifted" : drift >= SHIFTED_FROM ? "shifted" : "stable";
  return { bins, usual, drift, verdict };
};

const binsOf = (all: readonly FunnelCounts[]): readonly number[] =>
  Array.from({ length: SCORE_BINS }, (_none, bin) =>
    sum(all.map(({ scores }) => scores?.[String(bin)] ?? 0)),
  );

const sum = (counts: readonly number[]): number => counts.reduce((all, each) => all + each, 0);

/** Half a score is added to each bin, so that an empty one is unlikely and not impossible. */
const stabilityIndex = (left: readonly number[], right: readonly number[]): number => {
  const leftAll = sum(left) + SCORE_BINS / 2;
  const rightAll = sum(right) + SCORE_BINS / 2;
  return sum(
    left.map((count, bin) => {
      const share = (count + 0.5) / leftAll;
      const usual = ((right[bin] ?? 0) + 0.5) / rightAll;
      return (share - usual) * Math.log(share / usual);
    }),
  );
};
