import { marketPhase, nextSession, type Session } from "../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";

const MS_PER_MINUTE = 60_000;
/** A new world begins this long after the open, a few seconds ahead of a minute's slot. */
const FIRST_START_MS = 5 * MS_PER_MINUTE - 5_000;
/** Closed hours end this long before the open, so that the open itself is seen. */
const PRE_OPEN_MS = MS_PER_MINUTE;
/** After the close the last orders expire and are reconciled; then the night is skipped. */
const SETTLING_MS = 3 * MS_PER_MINUTE;

/** The session of the New York date at `hostMs`, or the next one: a new world's first day. */
export const firstSession = (hostMs: number): Session => {
  const { session } = marketPhase(hostMs);
  return session ?? nextSession(epochMsToNewYork(hostMs).date);
};

/** The moment a new world begins in its first session, epoch ms. */
export const firstMoment = (session: Session): number => session.opensAtMs + FIRST_START_MS;

/**
 * The hours to skip: none while the market has work, up to a later session, or all that is left.
 */
export type HoursToSkip =
  | { readonly type: "none" }
  | { readonly type: "until"; readonly session: Session; readonly resumeAtMs: number }
  /** No session follows: the recorded days are over. */
  | { readonly type: "over" };

/**
 * What to skip at `nowMs`: nothing from shortly before the open until the close has settled;
 * otherwise nights, weekends and holidays up to shortly before the open of the session that
 * `sessionAfter` names.
 */
export const hoursToSkip = (
  nowMs: number,
  sessionAfter: (nowMs: number) => Session | undefined,
): HoursToSkip => {
  const { session } = marketPhase(nowMs);
  const isToday = session !== undefined && nowMs < session.closesAtMs + SETTLING_MS;
  if (isToday && nowMs >= session.opensAtMs - PRE_OPEN_MS) return { type: "none" };
  const next = isToday ? session : sessionAfter(nowMs);
  return next === undefined
    ? { type: "over" }
    : { type: "until", session: next, resumeAtMs: next.opensAtMs - PRE_OPEN_MS };
};

/** The session that the calendar has after the New York date of `nowMs`. */
export const calendarSessionAfter = (nowMs: number): Session =>
  nextSession(epochMsToNewYork(nowMs).date);
