import {
  marketPhase,
  previousSession,
  type Session,
} from "../../../shared/domain/market/calendar.ts";
import { usd, type Money } from "../../../shared/domain/market/money.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { createCache } from "../cache.ts";
import { hashText, normalAt, smoothNoiseAt, uniformAt } from "../hash.ts";
import type { MarketFeed } from "../prices/market-feed.ts";
import {
  drawDayFlow,
  drawSession,
  type DayFlow,
  type SeededAlert,
  type SeededPrint,
  type SessionDraws,
} from "./day-flow.ts";
import { leanAt } from "./lean.ts";

const MS_PER_MINUTE = 60_000;
const TIDE_STEP_MS = 5 * MS_PER_MINUTE;
const SESSIONS_KEPT_MAX = 3;

/** The market's net option premium at a moment of a session. */
export type TidePoint = {
  readonly atMs: number;
  readonly netCallPremium: Money;
  readonly netPutPremium: Money;
};

/** What is published of a symbol once a day, with the session that it is about. */
type DailyFacts = {
  readonly session: Session;
  readonly callGamma: number;
  readonly putGamma: number;
  /** 0 to 1. */
  readonly ivRank: number;
  readonly volatility: number;
  /** Change in open interest of calls and of puts, in contracts. */
  readonly callChange: number;
  readonly putChange: number;
};

/**
 * Options flow, dark pool and the rest, from a seed; nothing in an answer is later than its moment.
 */
export type SeededFlow = {
  readonly symbols: readonly Ticker[];
  /** Alerts after `fromMs` and until `toMs`, newest first. */
  readonly alertsOf: (symbol: Ticker, fromMs: number, toMs: number) => readonly SeededAlert[];
  /** Prints after `fromMs` and until `toMs`, newest first. */
  readonly printsOf: (symbol: Ticker, fromMs: number, toMs: number) => readonly SeededPrint[];
  /** The session's points up to a moment, oldest first, one every five minutes. */
  readonly tideUntil: (atMs: number) => readonly TidePoint[];
  readonly factsAt: (symbol: Ticker, atMs: number) => DailyFacts;
};

/** Creates a flow that follows a feed's prices. */
export const createSeededFlow = (options: {
  readonly seed: string;
  readonly feed: MarketFeed;
}): SeededFlow => {
  const { seed, feed } = options;
  const known = new Set(feed.symbols);
  const days = createCache<DayFlow>(SESSIONS_KEPT_MAX * known.size);
  const tides = createCache<readonly TidePoint[]>(SESSIONS_KEPT_MAX);
  const sessions = createCache<SessionDraws>(SESSIONS_KEPT_MAX);
  const drawsOf = (session: Session): SessionDraws =>
    sessions(session.date, () => drawSession(seed, session, feed));
  const dayOf = (symbol: Ticker, session: Session): DayFlow =>
    days(`${symbol}/${session.date}`, () => drawDayFlow(drawsOf(session), symbol));
  const listDays = (symbol: Ticker, fromMs: number, toMs: number): readonly DayFlow[] => {
    if (!known.has(symbol)) return [];
    const session = sessionStartedBy(toMs);
    const today = dayOf(symbol, session);
    const before = previousSession(session.date);
    // Nothing happens after a close, so that most questions are about one day.
    return before.closesAtMs < fromMs ? [today] : [dayOf(symbol, before), today];
  };
  const alertsOf = (symbol: Ticker, fromMs: number, toMs: number): readonly SeededAlert[] =>
    newestFirst(
      listDays(symbol, fromMs, toMs).flatMap(({ alerts }) =>
        between(alerts, (alert) => alert.createdAtMs, fromMs, toMs),
      ),
    );
  const printsOf = (symbol: Ticker, fromMs: number, toMs: number): readonly SeededPrint[] =>
    newestFirst(
      listDays(symbol, fromMs, toMs).flatMap(({ prints }) =>
        between(prints, (print) => print.executedAtMs, fromMs, toMs),
      ),
    );
  const tideUntil = (atMs: number): readonly TidePoint[] => {
    const session = sessionStartedBy(atMs);
    const points = tides(session.date, () => drawTide(seed, feed, session));
    return between(points, (point) => point.atMs, -Infinity, atMs);
  };
  const factsAt = (symbol: Ticker, atMs: number): DailyFacts => drawFacts(seed, symbol, atMs);
  return {
    symbols: feed.symbols,
    alertsOf,
    printsOf,
    tideUntil,
    factsAt,
  };
};

/** The session of a moment's date once its pre-market has begun, else the one before. */
const sessionStartedBy = (atMs: number): Session => {
  const { phase, session } = marketPhase(atMs);
  const hasBegun = session !== undefined && (phase !== "closed" || atMs >= session.closesAtMs);
  return hasBegun ? session : previousSession(epochMsToNewYork(atMs).date);
};

/** What lies in a stretch of a list that is in the order of time, found by halving. */
const between = <Each>(
  list: readonly Each[],
  timeOf: (each: Each) => number,
  fromMs: number,
  toMs: number,
): readonly Each[] => {
  const firstAfter = (atMs: number): number => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const each = list[middle];
      if (each !== undefined && timeOf(each) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return list.slice(firstAfter(fromMs), firstAfter(toMs));
};

const newestFirst = <Each>(list: readonly Each[]): readonly Each[] => list.toReversed();

const drawTide = (seed: string, feed: MarketFeed, session: Session): readonly TidePoint[] => {
  const leader = feed.symbols[0];
  const key = hashText(`${seed}/tide/${session.date}`);
  const points: TidePoint[] = [];
  let call = 0;
  let put = 0;
  for (let stepMs = session.opensAtMs; stepMs <= session.closesAtMs; stepMs += TIDE_STEP_MS) {
    const lean = leader === undefined ? 0 : leanAt(seed, leader, stepMs, feed);
    const step = stepMs / TIDE_STEP_MS;
    call += 9_000_000 * (lean + 0.6 * normalAt(key, step, 1));
    put += 9_000_000 * (-lean + 0.6 * normalAt(key, step, 2));
    points.push({
      atMs: stepMs,
      netCallPremium: usd(Math.round(call)),
      netPutPremium: usd(Math.round(put)),
    });
  }
  return points;
};

const drawFacts = (seed: string, symbol: Ticker, atMs: number): DailyFacts => {
  // Published overnight, about the session before.
  const session = previousSession(epochMsToNewYork(atMs).date);
  const key = hashText(`${seed}/facts/${symbol}/${session.date}`);
  const slow = hashText(`${seed}/facts/${symbol}`);
  const day = session.opensAtMs / 86_400_000;
  const size = 10 ** (4 + 2 * uniformAt(slow, 1));
  const ivRank = (smoothNoiseAt(slow, day / 20) + 1) / 2;
  return {
    session,
    callGamma: Math.round(size * (0.5 + uniformAt(key, 1))),
    putGamma: -Math.round(size * (0.5 + uniformAt(key, 2)) * 0.8),
    ivRank: Math.round(ivRank * 10_000) / 10_000,
    volatility: Math.round((0.15 + 0.5 * ivRank) * 10_000) / 10_000,
    callChange: Math.round(18_000 * normalAt(key, 3)),
    putChange: Math.round(14_000 * normalAt(key, 4)),
  };
};
