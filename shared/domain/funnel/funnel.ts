import type { SessionDate } from "../market/session-date.ts";

/** The stages from a symbol to a fill, in order. */
export const FUNNEL_STAGES = [
  "polled",
  "valid",
  "scored",
  "gated",
  "intended",
  "approved",
  "submitted",
  "acknowledged",
  "filled",
] as const;

/** One stage of the funnel. */
export type FunnelStage = (typeof FUNNEL_STAGES)[number];

/** How many passed each stage, and why the others stopped there (`valid.staleQuote`). */
export type FunnelCounts = {
  readonly passed: Readonly<Partial<Record<FunnelStage, number>>>;
  /** Keyed `stage.reason`, for those that did not pass the stage. */
  readonly stopped: Readonly<Record<string, number>>;
  /** What happened in each half-hour of the session, keyed as `activityKey` says. */
  readonly activity?: Readonly<Record<string, number>>;
  /** How many scores fell into each bin, keyed by its number. */
  readonly scores?: Readonly<Record<string, number>>;
};

/** The funnel of one session: what explains a day without trades. */
export type Funnel = FunnelCounts & { readonly sessionDate: SessionDate };

/** No one yet. */
export const EMPTY_FUNNEL: FunnelCounts = { passed: {}, stopped: {} };

/** The key under which a stop is counted. */
export const stoppedAt = (stage: FunnelStage, reason: string): string => `${stage}.${reason}`;

/** Adds two counts. */
export const addFunnels = (left: FunnelCounts, right: FunnelCounts): FunnelCounts => {
  const passed: Partial<Record<FunnelStage, number>> = { ...left.passed };
  for (const stage of FUNNEL_STAGES) {
    const more = right.passed[stage];
    if (more !== undefined) passed[stage] = (passed[stage] ?? 0) + more;
  }
  const activity = addCounts(left.activity, right.activity);
  const scores = addCounts(left.scores, right.scores);
  return {
    passed,
    stopped: addCounts(left.stopped, right.stopped) ?? {},
    ...(activity === undefined ? {} : { activity }),
    ...(scores === undefined ? {} : { scores }),
  };
};

type Counts = Readonly<Record<string, number>>;

const addCounts = (left: Counts | undefined, right: Counts | undefined): Counts | undefined => {
  if (left === undefined || right === undefined) return left ?? right;
  const sums: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
};
