import { FUNNEL_STAGES, type FunnelStage } from "../../domain/funnel/funnel.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { ReadRefusal } from "./read-refusal.ts";
import { readSession } from "./read-session.ts";

/** A session's funnel: every stage in order, with the reasons for which others stopped there. */
export type FunnelView = {
  readonly sessionDate: SessionDate;
  readonly stages: readonly {
    readonly stage: FunnelStage;
    readonly passed: number;
    /** The most frequent first. */
    readonly stopped: readonly { readonly reason: string; readonly count: number }[];
  }[];
};

/** Reads the funnel of a session (`YYYY-MM-DD`; today's by default). */
export const createReadFunnel =
  (deps: { readonly telemetry: Pick<Telemetry, "loadFunnel">; readonly clock: Clock }) =>
  async (session: string | undefined): Promise<Result<FunnelView, ReadRefusal>> => {
    const sessionDate = readSession(session, deps.clock.nowMs());
    if (!sessionDate.ok) return sessionDate;
    const funnel = await deps.telemetry.loadFunnel(sessionDate.value);
    const stages = FUNNEL_STAGES.map((stage) => ({
      stage,
      passed: funnel.passed[stage] ?? 0,
      stopped: Object.entries(funnel.stopped)
        .filter(([key]) => key.startsWith(`${stage}.`))
        .map(([key, count]) => ({ reason: key.slice(stage.length + 1), count }))
        .toSorted((left, right) => right.count - left.count),
    }));
    return ok({ sessionDate: sessionDate.value, stages });
  };
