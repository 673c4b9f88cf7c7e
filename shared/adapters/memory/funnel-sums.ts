import { FUNNEL_STAGES, type FunnelCounts } from "../../domain/funnel/funnel.ts";
import { SCORE_BINS } from "../../domain/funnel/score-distribution.ts";

/** The funnel of one Region and session as it is summed up. */
export type FunnelSums = {
  readonly add: (counts: FunnelCounts) => void;
  readonly counts: () => FunnelCounts;
};

/** Sums in place: every message of every cycle adds to a hundred counters. */
export const createFunnelSums = (): FunnelSums => {
  const passed = new Map<string, number>();
  const stopped = new Map<string, number>();
  const activity = new Map<string, number>();
  const scores = Array<number | undefined>(SCORE_BINS).fill(undefined);
  return {
    add: (counts) => {
      addTo(passed, counts.passed);
      addTo(stopped, counts.stopped);
      if (counts.activity !== undefined) addTo(activity, counts.activity);
      if (counts.scores !== undefined) addToBins(scores, counts.scores);
    },
    counts: () => ({
      passed: Object.fromEntries(
        FUNNEL_STAGES.flatMap((stage) => {
          const count = passed.get(stage);
          return count === undefined ? [] : [[stage, count]];
        }),
      ),
      stopped: Object.fromEntries(stopped),
      ...(activity.size === 0 ? {} : { activity: Object.fromEntries(activity) }),
      ...(scores.some((count) => count !== undefined) ? { scores: countedIn(scores) } : {}),
    }),
  };
};

const addTo = (sums: Map<string, number>, counts: Readonly<Record<string, number>>): void => {
  for (const name in counts) sums.set(name, (sums.get(name) ?? 0) + (counts[name] ?? 0));
};

/** By number: a key that looks like one is slow to list as a text, and slow to look up by it. */
const addToBins = (
  sums: (number | undefined)[],
  counts: Readonly<Record<number, number>>,
): void => {
  for (let bin = 0; bin < SCORE_BINS; bin++) {
    const count = counts[bin];
    if (count !== undefined) sums[bin] = (sums[bin] ?? 0) + count;
  }
};

const countedIn = (sums: readonly (number | undefined)[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...sums.entries()].flatMap(([bin, count]) => (count === undefined ? [] : [[bin, count]])),
  );
