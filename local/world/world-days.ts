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

/** Where the market's next work is: `undefined` while there is some, else when to go on. */
export type NextOpening = { readonly session: Session; readonly resumeAtMs: number };

/**
 * The hours to skip at `nowMs`: none from shortly before the open until the close has settled;
 * otherwise nights, weekends and holidays up to shortly before `nextSessionAfter`'s open.
 */
export const hoursToSkip = (
  nowMs: number,
  sessionAfter: (nowMs: number) => Session | undefined = calendarSessionAfter,
): NextOpening | undefined => {
  const { session } = marketPhase(nowMs);
  const isDayOver = session === undefined || nowMs >= session.closesAtMs + SETTLING_MS;
  if (!isDayOver && nowMs >= session.opensAtMs - PRE_OPEN_MS) return undefined;
  const next = isDayOver ? sessionAfter(nowMs) : session;
  if (next === undefined) return undefined;
  return { session: next, resumeAtMs: next.opensAtMs - PRE_OPEN_MS };
};

const calendarSessionAfter = (nowMs: number): Session => nextSession(epochMsToNewYork(nowMs).date);
