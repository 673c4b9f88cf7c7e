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
  /** `unknown` too where so few symbols come as far apart as this by chance. */
  readonly verdict: "stable" | "shifted" | "drifted" | "unknown";
};

/** Bins of half a point. */
export const SCORE_BINS = 16;

const SCORES_MIN = 200;
const SHIFTED_FROM = 0.1;
const DRIFTED_FROM = 0.25;
/**
 * A symbol's score is nearly the same from minute to minute: half an hour of them is one look at
 * it, so that four symbols make some fifty looks a day and not fifteen hundred.
 */
const SCORES_PER_LOOK = 30;
/**
 * An index of two samples of one distribution, n and m looks, is (1/n + 1/m) times a chi-squared of
 * one degree of freedom fewer than bins: of 15 it is beyond this once in a hundred times.
 */
const CHANCE = 30.6;

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
  return { bins, usual, drift, verdict: verdictOn(drift, chanceOf(sum(bins), sum(usual))) };
};

/** What is no further apart than chance brings has not changed, if a change would have shown. */
const verdictOn = (drift: number, chance: number): ScoreDistribution["verdict"] => {
  if (drift < SHIFTED_FROM) return "stable";
  if (drift < chance) return chance > DRIFTED_FROM ? "unknown" : "stable";
  return drift >= DRIFTED_FROM ? "drifted" : "shifted";
};

const chanceOf = (scores: number, usual: number): number =>
  CHANCE * SCORES_PER_LOOK * (1 / scores + 1 / usual);

const binsOf = (all: readonly FunnelCounts[]): readonly number[] =>
  Array.from({ length: SCORE_BINS }, (_none, bin) =>
    sum(all.map(({ scores }) => scores?.[String(bin)] ?? 0)),
  );

const sum = (counts: readonly number[]): number => counts.reduce((all, each) => all + each, 0);

/** Half a look is added to each bin, so that an empty one is unlikely and not impossible. */
const stabilityIndex = (left: readonly number[], right: readonly number[]): number => {
  const half = SCORES_PER_LOOK / 2;
  const leftAll = sum(left) + SCORE_BINS * half;
  const rightAll = sum(right) + SCORE_BINS * half;
  return sum(
    left.map((count, bin) => {
      const share = (count + half) / leftAll;
      const usual = ((right[bin] ?? 0) + half) / rightAll;
      return (share - usual) * Math.log(share / usual);
    }),
  );
};
