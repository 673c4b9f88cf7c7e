import { activityOf } from "../../domain/funnel/activity.ts";
import { expectActivity, type Expectation } from "../../domain/funnel/expectation.ts";
import { distributionOf, type ScoreDistribution } from "../../domain/funnel/score-distribution.ts";
import type { Funnel } from "../../domain/funnel/funnel.ts";
import { previousSession, sessionOf } from "../../domain/market/calendar.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** A session's funnel beside what earlier sessions let expect of it. */
export type ActivityReading = {
  readonly funnel: Funnel;
  readonly expectation: Expectation;
  readonly distribution: ScoreDistribution;
};

/** What reading activity needs. */
export type ReadActivityDeps = {
  readonly telemetry: Pick<Telemetry, "loadFunnel">;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "symbols">;
};

/** Telemetry is kept for 14 days, which have at most ten sessions. */
const SESSIONS_BEFORE = 9;

/**
 * Reads how active a session is and was to be expected to be. Sessions that are over do not change:
 * an environment reads them once a day.
 */
export const createReadActivity = (
  deps: ReadActivityDeps,
): ((date: SessionDate) => Promise<ActivityReading>) => {
  let known: { readonly before: SessionDate; readonly funnels: readonly Funnel[] } | undefined;
  const historyBefore = async (date: SessionDate): Promise<readonly Funnel[]> => {
    if (known?.before === date) return known.funnels;
    const dates: SessionDate[] = [];
    for (let day = date; dates.length < SESSIONS_BEFORE;) {
      day = previousSession(day).date;
      dates.push(day);
    }
    const all = await Promise.all(dates.map((each) => deps.telemetry.loadFunnel(each)));
    // A session of which nothing is kept was not traded: it says nothing of what is usual.
    const funnels = all.filter(({ activity }) => activity !== undefined);
    known = { before: date, funnels };
    return funnels;
  };
  return async (date) => {
    const [funnel, history] = await Promise.all([
      deps.telemetry.loadFunnel(date),
      historyBefore(date),
    ]);
    const session = sessionOf(date) ?? previousSession(date);
    const expectation = expectActivity({
      history: history.map(activityOf),
      today: activityOf(funnel),
      session,
      symbolCount: deps.settings.symbols.length,
      nowMs: deps.clock.nowMs(),
    });
    return { funnel, expectation, distribution: distributionOf(funnel, history) };
  };
};
