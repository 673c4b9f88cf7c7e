import type { Expectation } from "../../domain/funnel/expectation.ts";
import {
  type Bottleneck,
  explainFunnel,
  type NearMiss,
  type StopCount,
  stopsAt,
} from "../../domain/funnel/explain-funnel.ts";
import { FUNNEL_STAGES, type FunnelCounts, type FunnelStage } from "../../domain/funnel/funnel.ts";
import type { ScoreDistribution } from "../../domain/funnel/score-distribution.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import { ok, type Result } from "../../domain/result.ts";
import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { ScoreRecord } from "../../domain/signals/score-record.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { createReadActivity } from "./read-activity.ts";
import type { ReadRefusal } from "./read-refusal.ts";
import { readSession } from "./read-session.ts";

/** A session's funnel: every stage in order, why others stopped there, and what that means. */
export type FunnelView = {
  readonly sessionDate: SessionDate;
  readonly stages: readonly {
    readonly stage: FunnelStage;
    readonly passed: number;
    /** The most frequent first. */
    readonly stopped: readonly StopCount[];
  }[];
  /** Why there are no trades, if there are none, and whether that is usual. */
  readonly sentences: readonly string[];
  /** Null where something was filled. */
  readonly bottleneck: Bottleneck | null;
  /** The symbols nearest to the gate at their last score, the nearest first. */
  readonly nearest: readonly NearMiss[];
  /** The score that the gate asks for. */
  readonly threshold: number;
  readonly expectation: Expectation;
  readonly distribution: ScoreDistribution;
};

const NEAREST = 5;

/** Reads the funnel of a session (`YYYY-MM-DD`; today's by default). */
export const createReadFunnel = (deps: {
  readonly telemetry: Pick<Telemetry, "loadFunnel" | "loadScores" | "loadCycle">;
  readonly clock: Clock;
  readonly settings: Settings;
}): ((session: string | undefined) => Promise<Result<FunnelView, ReadRefusal>>) => {
  const readActivity = createReadActivity(deps);
  return async (session) => {
    const nowMs = deps.clock.nowMs();
    const sessionDate = readSession(session, nowMs);
    if (!sessionDate.ok) return sessionDate;
    const shards = shardsOf(deps.settings.symbols, deps.settings.shardSize);
    const [activity, cycle, ...scores] = await Promise.all([
      readActivity(sessionDate.value),
      deps.telemetry.loadCycle(),
      ...shards.map(({ shard }) => deps.telemetry.loadScores(shard)),
    ]);
    const { funnel: counts, expectation, distribution } = activity;
    const today = scores.flat().filter(({ atMs }) => dateOf(atMs) === sessionDate.value);
    const nearest = nearestOf(today, deps.settings);
    // The last cycle speaks for its own session alone.
    const isItsCycle = cycle !== undefined && dateOf(cycle.closedAtMs) === sessionDate.value;
    const cycleReason = isItsCycle ? cycle.reason : undefined;
    const explained = { counts, expectation, distribution, nearest, cycleReason };
    const isForgotten = sessionDate.value < dateOf(nowMs) && isNothingKept(counts);
    return ok({
      sessionDate: sessionDate.value,
      stages: FUNNEL_STAGES.map((stage) => ({
        stage,
        passed: counts.passed[stage] ?? 0,
        stopped: stopsAt(counts, stage),
      })),
      ...(isForgotten ? FORGOTTEN : explainFunnel(explained)),
      nearest,
      threshold: deps.settings.gate.thresholds[deps.settings.tier],
      expectation: isForgotten ? { ...expectation, verdict: "unknown" } : expectation,
      distribution,
    });
  };
};

/** Of a session whose quotes were all stopped before a score, the stages alone were counted. */
const isNothingKept = ({ passed, stopped, activity }: FunnelCounts): boolean =>
  activity === undefined && Object.keys(passed).length === 0 && Object.keys(stopped).length === 0;

const dateOf = (atMs: number): SessionDate => epochMsToNewYork(atMs).date;

/** What is not known of a past session is not called usual. */
const FORGOTTEN = {
  bottleneck: null,
  sentences: ["Nothing is kept of this session: it was not traded here, or is older than 14 days."],
} as const;

const nearestOf = (scores: readonly ScoreRecord[], { gate, tier }: Settings): readonly NearMiss[] =>
  scores
    .filter(({ score, outcome }) => score > 0 && STOPPED.test(outcome))
    .toSorted((left, right) => right.score - left.score)
    .slice(0, NEAREST)
    .map(({ symbol, score, direction, gateReasons, outcome }) => ({
      symbol,
      score,
      threshold: gate.thresholds[tier],
      direction,
      reasons: gateReasons.length > 0 ? gateReasons : [outcome],
    }));

/** `gated.belowThreshold`; an intent's id has no stage. */
const STOPPED = /^[a-z]+\./;
