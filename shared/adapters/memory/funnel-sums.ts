import { FUNNEL_STAGES, type FunnelCounts } from "../../domain/funnel/funnel.ts";

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
  const scores = new Map<string, number>();
  return {
    add: (counts) => {
      addTo(passed, counts.passed);
      addTo(stopped, counts.stopped);
      if (counts.activity !== undefined) addTo(activity, counts.activity);
      if (counts.scores !== undefined) addTo(scores, counts.scores);
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
      ...(scores.size === 0 ? {} : { scores: Object.fromEntries(scores) }),
    }),
  };
};

const addTo = (sums: Map<string, number>, counts: Readonly<Record<string, number>>): void => {
  for (const name in counts) sums.set(name, (sums.get(name) ?? 0) + (counts[name] ?? 0));
};
