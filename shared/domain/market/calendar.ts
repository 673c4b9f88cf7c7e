import { AssertionFault } from "../assert.ts";
import { exchangeYear, type ExchangeYear } from "./holidays.ts";
import { epochMsToNewYork, newYorkToEpochMs } from "./new-york-time.ts";
import { addDays, weekdayOf, type SessionDate } from "./session-date.ts";

/** A day's regular trading on the US exchanges; times are epoch ms. */
export type Session = {
  readonly date: SessionDate;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  readonly isHalfDay: boolean;
};

/** What the market does at a moment. */
export type MarketPhase = "closed" | "preMarket" | "open" | "afterHours";

/** The phase at a moment, with the session of that New York date if it has one. */
export type MarketMoment = {
  readonly phase: MarketPhase;
  readonly session: Session | undefined;
};

const MS_PER_MINUTE = 60_000;
const PRE_MARKET_MS = 4 * 60 * MS_PER_MINUTE;
const OPEN_MS = (9 * 60 + 30) * MS_PER_MINUTE;
const CLOSE_MS = 16 * 60 * MS_PER_MINUTE;
const HALF_DAY_CLOSE_MS = 13 * 60 * MS_PER_MINUTE;
/** After-hours trading lasts four hours from the close, on half days too. */
const AFTER_HOURS_MS = 4 * 60 * MS_PER_MINUTE;

/** The longest known run of days without a session is six (September 2001, with its weekend). */
const DAYS_WITHOUT_SESSION_MAX = 10;

/** The session of a date: 09:30 to 16:00, or 13:00 on half days; `undefined` if there is none. */
export const sessionOf = (date: SessionDate): Session | undefined => dayOf(date).session;

/** The first session after a date. */
export const nextSession = (after: SessionDate): Session => nearestSession(after, 1);

/** The last session before a date. */
export const previousSession = (before: SessionDate): Session => nearestSession(before, -1);

/**
 * The market's phase at `nowMs`: pre-market from 04:00, after hours for four hours. It is closed at
 * any number that is no moment of the years 1970 to 2199, such as a time stamp in another unit.
 */
export const marketPhase = (nowMs: number): MarketMoment => {
  if (!(nowMs >= 0 && nowMs < CALENDAR_ENDS_AT_MS)) return NEVER;
  if (nowMs < lastDay.startsAtMs || nowMs >= lastDay.endsAtMs) {
    lastDay = dayOf(epochMsToNewYork(nowMs).date);
  }
  const day = lastDay;
  if (nowMs >= day.afterHoursEndsAtMs || nowMs < day.preMarketStartsAtMs) return day.closed;
  if (nowMs < day.opensAtMs) return day.preMarket;
  return nowMs < day.closesAtMs ? day.open : day.afterHours;
};

const CALENDAR_ENDS_AT_MS = Date.UTC(2200, 0, 1);
const NEVER: MarketMoment = { phase: "closed", session: undefined };

/** A New York day with its answers ready, so that asking per quote makes no new object. */
type MarketDay = {
  readonly session: Session | undefined;
  readonly startsAtMs: number;
  readonly preMarketStartsAtMs: number;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  readonly afterHoursEndsAtMs: number;
  readonly endsAtMs: number;
  readonly closed: MarketMoment;
  readonly preMarket: MarketMoment;
  readonly open: MarketMoment;
  readonly afterHours: MarketMoment;
};

const computeDay = (date: SessionDate): MarketDay => {
  const session = computeSession(date);
  const startsAtMs = newYorkToEpochMs(date, 0);
  return {
    session,
    startsAtMs,
    // A day without a session has no pre-market that begins and no after hours that end.
    preMarketStartsAtMs: session === undefined ? Infinity : newYorkToEpochMs(date, PRE_MARKET_MS),
    opensAtMs: session?.opensAtMs ?? Infinity,
    closesAtMs: session?.closesAtMs ?? Infinity,
    afterHoursEndsAtMs: session === undefined ? Infinity : session.closesAtMs + AFTER_HOURS_MS,
    endsAtMs: newYorkToEpochMs(addDays(date, 1), 0),
    closed: { phase: "closed", session },
    preMarket: { phase: "preMarket", session },
    open: { phase: "open", session },
    afterHours: { phase: "afterHours", session },
  };
};

const computeSession = (date: SessionDate): Session | undefined => {
  const weekday = weekdayOf(date);
  if (weekday === 0 || weekday === 6) return undefined;
  const { closures, halfDays } = yearOf(Number(date.slice(0, 4)));
  if (closures.has(date)) return undefined;
  const isHalfDay = halfDays.has(date);
  return {
    date,
    opensAtMs: newYorkToEpochMs(date, OPEN_MS),
    closesAtMs: newYorkToEpochMs(date, isHalfDay ? HALF_DAY_CLOSE_MS : CLOSE_MS),
    isHalfDay,
  };
};

const nearestSession = (from: SessionDate, step: 1 | -1): Session => {
  let date = from;
  for (let days = 0; days < DAYS_WITHOUT_SESSION_MAX; days++) {
    date = addDays(date, step);
    const session = sessionOf(date);
    if (session !== undefined) return session;
  }
  throw new AssertionFault("The market has a session at least every ten days.");
};

// Both memories are bounded and only save work: the answers depend on the date alone.
const DAYS_KEPT_MAX = 1_024;
const YEARS_KEPT_MAX = 64;
const days = new Map<SessionDate, MarketDay>();
const years = new Map<number, ExchangeYear>();

const dayOf = (date: SessionDate): MarketDay => {
  const known = days.get(date);
  if (known !== undefined) return known;
  if (days.size >= DAYS_KEPT_MAX) days.clear();
  const day = computeDay(date);
  days.set(date, day);
  return day;
};

const yearOf = (year: number): ExchangeYear => {
  const known = years.get(year);
  if (known !== undefined) return known;
  if (years.size >= YEARS_KEPT_MAX) years.clear();
  const computed = exchangeYear(year);
  years.set(year, computed);
  return computed;
};

let lastDay = dayOf(epochMsToNewYork(0).date);
