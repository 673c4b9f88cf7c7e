import { marketPhase, nextSession, type Session } from "../../../shared/domain/market/calendar.ts";
import { epochMsToNewYork, newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { TimeInForce } from "./order.ts";
import type { Refusal } from "./refusal.ts";

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const EXTENDED_OPEN_MS = 4 * MS_PER_HOUR;
const EXTENDED_AFTER_CLOSE_MS = 4 * MS_PER_HOUR;
const GTC_LIFE_MS = 90 * 24 * MS_PER_HOUR;
/** Orders for an auction are taken again from 19:00 on, for the next one. */
const AUCTION_ORDERS_FROM_MS = 19 * MS_PER_HOUR;
const OPENING_CUTOFF_MS = 2 * MS_PER_MINUTE;
const CLOSING_CUTOFF_MS = 10 * MS_PER_MINUTE;
/** The opening auction is over by then. */
const OPENING_AUCTION_MS = MS_PER_MINUTE;

/** From when an order may fill, and when it expires; epoch ms. */
export type OrderTiming = { readonly activeFromMs: number; readonly expiresAtMs: number };

/** Places an order in the calendar; a day order sent after the close waits for the next session. */
export const timeOrder = (
  timeInForce: TimeInForce,
  isExtended: boolean,
  nowMs: number,
): Result<OrderTiming, Refusal> => {
  const session = sessionEndingAfter(nowMs, isExtended ? EXTENDED_AFTER_CLOSE_MS : 0);
  const startsAtMs = isExtended
    ? newYorkToEpochMs(session.date, EXTENDED_OPEN_MS)
    : session.opensAtMs;
  const activeFromMs = Math.max(nowMs, startsAtMs);
  const endsAtMs = session.closesAtMs + (isExtended ? EXTENDED_AFTER_CLOSE_MS : 0);
  switch (timeInForce) {
    case "day":
      return ok({ activeFromMs, expiresAtMs: endsAtMs });
    case "gtc":
      return ok({ activeFromMs, expiresAtMs: nowMs + GTC_LIFE_MS });
    case "ioc":
    case "fok":
      return activeFromMs === nowMs
        ? ok({ activeFromMs, expiresAtMs: endsAtMs })
        : refuse(`${timeInForce} orders are only accepted during market hours`);
    case "opg":
      return timeOpeningOrder(nowMs);
    case "cls":
      return timeClosingOrder(nowMs);
  }
};

const timeOpeningOrder = (nowMs: number): Result<OrderTiming, Refusal> => {
  if (isBarred(nowMs, (session) => session.opensAtMs - OPENING_CUTOFF_MS)) {
    return refuse("opg orders must be submitted after 7:00pm and before 9:28am");
  }
  const today = marketPhase(nowMs).session;
  const session =
    today !== undefined && nowMs < today.opensAtMs ? today : nextSession(dateOf(nowMs));
  return ok({
    activeFromMs: session.opensAtMs,
    expiresAtMs: session.opensAtMs + OPENING_AUCTION_MS,
  });
};

const timeClosingOrder = (nowMs: number): Result<OrderTiming, Refusal> => {
  if (isBarred(nowMs, (session) => session.closesAtMs - CLOSING_CUTOFF_MS)) {
    return refuse("cls orders must be submitted after 7:00pm and before 3:50pm");
  }
  const session = sessionEndingAfter(nowMs, 0);
  const activeFromMs = Math.max(nowMs, session.opensAtMs);
  return ok({ activeFromMs, expiresAtMs: session.closesAtMs });
};

const isBarred = (nowMs: number, cutoffOf: (session: Session) => number): boolean => {
  const { session } = marketPhase(nowMs);
  if (session === undefined || nowMs < cutoffOf(session)) return false;
  return nowMs < newYorkToEpochMs(session.date, AUCTION_ORDERS_FROM_MS);
};

/** The session of today if it (with `extraMs`) is not over yet, else the next. */
export const sessionEndingAfter = (nowMs: number, extraMs: number): Session => {
  const { session } = marketPhase(nowMs);
  if (session !== undefined && nowMs < session.closesAtMs + extraMs) return session;
  return nextSession(dateOf(nowMs));
};

const dateOf = (nowMs: number) => epochMsToNewYork(nowMs).date;

const refuse = (sentence: string): { readonly ok: false; readonly error: Refusal } =>
  err({ type: "Unprocessable", sentence });
