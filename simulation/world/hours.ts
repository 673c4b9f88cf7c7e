import { marketPhase } from "../../shared/domain/market/calendar.ts";

/** Before an open and after a close everything is at work already, or still. */
const BEFORE_OPEN_MS = 5 * 60_000;
const AFTER_CLOSE_MS = 6 * 60_000;
/** At night so many minutes of one thing after another stand for all of them. */
const NIGHT_STEP_MS = 60 * 60_000;

/** Whether a moment lies in a session or right beside it; the nights between are passed over. */
export const isWorkingHour = (nowMs: number): boolean => {
  const { session } = marketPhase(nowMs);
  return (
    session !== undefined &&
    nowMs >= session.opensAtMs - BEFORE_OPEN_MS &&
    nowMs < session.closesAtMs + AFTER_CLOSE_MS
  );
};

/** When something that is done every `stepMs` is next done after `nowMs`; no step skips an open. */
export const nextStepMs = (nowMs: number, stepMs: number): number => {
  const next = nowMs + stepMs;
  if (isWorkingHour(next)) return next;
  const { session } = marketPhase(next);
  const beginsAtMs = session === undefined ? Infinity : session.opensAtMs - BEFORE_OPEN_MS;
  const step = Math.ceil(next / NIGHT_STEP_MS) * NIGHT_STEP_MS;
  return next < beginsAtMs ? Math.min(step, beginsAtMs) : step;
};
