import { previousSession, sessionOf } from "../../domain/market/calendar.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import { parseSessionDate, type SessionDate } from "../../domain/market/session-date.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ReadRefusal } from "./read-refusal.ts";

/**
 * The session that a question is about: the one it names, else today's in New York, else (on a
 * weekend or holiday) the last one before.
 */
export const readSession = (
  text: string | undefined,
  nowMs: number,
): Result<SessionDate, ReadRefusal> => {
  if (text === undefined) {
    const { date } = epochMsToNewYork(nowMs);
    return ok(sessionOf(date)?.date ?? previousSession(date).date);
  }
  const date = parseSessionDate(text);
  return date === undefined
    ? err({ type: "InvalidRequest", detail: "`session` is a date such as 2013-10-07." })
    : ok(date);
};
