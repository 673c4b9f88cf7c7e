import type { Session } from "../../../shared/domain/market/calendar.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import { PRICE_UNITS_PER_USD, type Price } from "../../../shared/domain/market/price.ts";
import type { Bar } from "../../../shared/domain/market/quote.ts";
import { sessionDateToDayNumber } from "../../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { hashText, normalAt, smoothNoiseAt, uniformAt } from "../hash.ts";
import { MINUTES_PER_DAY, REGIME_TRAITS, type MarketDay, type Regime } from "./regimes.ts";
import type { SymbolProfile } from "./starting-prices.ts";

const MS_PER_MINUTE = 60_000;
const DAY_STARTS_MS = 4 * 60 * MS_PER_MINUTE;
const SAMPLES_PER_MINUTE = 8;
/** Splits a minute into steps of about a second. */
const DISPLACEMENTS = 6;

/**
 * One symbol's day: a path from 04:00 to 20:00 that meets given prices at the open and the close.
 */
export type SymbolDay = {
  readonly symbol: Ticker;
  readonly session: Session;
  readonly startsAtMs: number;
  readonly openMinute: number;
  readonly closeMinute: number;
  readonly regimeAt: (minute: number) => Regime;
  /** The fair price in USD at a moment of the day. */
  readonly midAt: (atMs: number) => number;
  /** One bar a minute from 04:00 on. */
  readonly minutes: readonly Bar[];
  readonly key: number;
};

/** What a day is drawn from. */
export type SymbolDayInput = {
  readonly seed: string;
  readonly symbol: Ticker;
  readonly profile: SymbolProfile;
  readonly session: Session;
  readonly previousSession: Session;
  readonly market: MarketDay;
};

/** Draws a symbol's day; the same input gives the same day, whichever day was asked for before. */
export const drawSymbolDay = (input: SymbolDayInput): SymbolDay => {
  const { seed, symbol, session, market } = input;
  const key = hashText(`${seed}/${symbol}/${session.date}`);
  const startsAtMs = newYorkToEpochMs(session.date, DAY_STARTS_MS);
  const openMinute = (session.opensAtMs - startsAtMs) / MS_PER_MINUTE;
  const closeMinute = (session.closesAtMs - startsAtMs) / MS_PER_MINUTE;
  const sigmas = new Float64Array(MINUTES_PER_DAY);
  for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
    const isRegular = minute >= openMinute && minute < closeMinute;
    const activity = isRegular ? uShape(minute, openMinute, closeMinute) : 0.45;
    sigmas[minute] = REGIME_TRAITS[market.regimes[minute] ?? "calm"].sigma * activity;
  }
  const logs = drawPath(input, { key, openMinute, closeMinute, sigmas });
  const logAt = (atMs: number): number => {
    const position = Math.max(0, Math.min(MINUTES_PER_DAY, (atMs - startsAtMs) / MS_PER_MINUTE));
    const minute = Math.min(MINUTES_PER_DAY - 1, Math.floor(position));
    const sigma = (sigmas[minute] ?? 0) * input.profile.volatility;
    const ends = [logs[minute] ?? 0, logs[minute + 1] ?? 0] as const;
    return displace(key, minute, position - minute, ends, sigma);
  };
  const midAt = (atMs: number): number => Math.exp(logAt(atMs));
  const regimeAt = (minute: number): Regime => market.regimes[minute] ?? "calm";
  const day = { symbol, session, startsAtMs, openMinute, closeMinute, regimeAt, midAt, key };
  return { ...day, minutes: drawMinutes(day, input.profile) };
};

/** Activity over the session: high at the open, low at noon, high at the close. */
const uShape = (minute: number, openMinute: number, closeMinute: number): number => {
  const position = (minute - openMinute) / (closeMinute - openMinute);
  return 0.75 + 1.5 * Math.exp(-position * 14) + 0.8 * Math.exp((position - 1) * 11);
};

type PathShape = {
  readonly key: number;
  readonly openMinute: number;
  readonly closeMinute: number;
  readonly sigmas: Float64Array;
};

/** Logarithms of the price at the start of each minute, and at the end of the last. */
const drawPath = (input: SymbolDayInput, shape: PathShape): Float64Array => {
  const { profile, market, session } = input;
  const { key, openMinute, closeMinute, sigmas } = shape;
  const own = 0.8 * profile.volatility;
  const steps = new Float64Array(MINUTES_PER_DAY);
  for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
    const together = profile.beta * (market.returns[minute] ?? 0);
    steps[minute] = together + own * (sigmas[minute] ?? 0) * normalAt(key, minute, 1);
  }
  const previousClose = closeLogOf(input, input.previousSession);
  const isGapDay = uniformAt(key, -1) < 0.08;
  const gap = normalAt(key, -2) * 0.003 * profile.volatility * (isGapDay ? 6 : 1);
  const open = previousClose + gap;
  const close = closeLogOf(input, session);
  const logs = new Float64Array(MINUTES_PER_DAY + 1);
  logs[openMinute] = open;
  for (let minute = openMinute - 1; minute >= 0; minute--) {
    logs[minute] = (logs[minute + 1] ?? 0) - (steps[minute] ?? 0) * 0.5;
  }
  let free = 0;
  for (let minute = openMinute; minute < closeMinute; minute++) free += steps[minute] ?? 0;
  const pull = (close - open - free) / (closeMinute - openMinute);
  for (let minute = openMinute; minute < MINUTES_PER_DAY; minute++) {
    const towards = minute < closeMinute ? pull : 0;
    logs[minute + 1] = (logs[minute] ?? 0) + (steps[minute] ?? 0) + towards;
  }
  return logs;
};

/**
 * A session's closing price: slow and fast noise around the start, so that any day stands alone.
 */
const closeLogOf = ({ seed, symbol, profile }: SymbolDayInput, session: Session): number => {
  const day = sessionDateToDayNumber(session.date);
  const key = hashText(`${seed}/${symbol}/close`);
  const common = hashText(`${seed}/market/close`);
  const own = 0.12 * smoothNoiseAt(key, day / 90) + 0.035 * smoothNoiseAt(key ^ 1, day / 15);
  const together =
    0.06 * smoothNoiseAt(common, day / 60) + 0.012 * smoothNoiseAt(common ^ 1, day / 5);
  const daily = 0.006 * normalAt(key, day, 3);
  return Math.log(profile.priceUsd) + profile.volatility * (own + daily) + profile.beta * together;
};

/** The price within a minute: each half's middle is moved by chance, half as far every time. */
const displace = (
  key: number,
  minute: number,
  part: number,
  [start, end]: readonly [number, number],
  sigma: number,
): number => {
  let left = start;
  let right = end;
  let from = 0;
  let width = 1;
  let node = 1;
  for (let depth = 0; depth < DISPLACEMENTS; depth++) {
    width /= 2;
    const middle =
      (left + right) / 2 + sigma * Math.sqrt(width / 2) * normalAt(key ^ node, minute, 2);
    if (part < from + width) {
      right = middle;
      node *= 2;
    } else {
      left = middle;
      from += width;
      node = node * 2 + 1;
    }
  }
  return left + ((right - left) * (part - from)) / width;
};

type DayWithoutBars = Omit<SymbolDay, "minutes">;

const drawMinutes = (day: DayWithoutBars, profile: SymbolProfile): readonly Bar[] => {
  const bars: Bar[] = [];
  for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
    const startsAtMs = day.startsAtMs + minute * MS_PER_MINUTE;
    let high = 0;
    let low = Infinity;
    for (let sample = 0; sample <= SAMPLES_PER_MINUTE; sample++) {
      const mid = day.midAt(startsAtMs + (sample * MS_PER_MINUTE) / SAMPLES_PER_MINUTE);
      high = Math.max(high, mid);
      low = Math.min(low, mid);
    }
    bars.push({
      symbol: day.symbol,
      open: toCents(day.midAt(startsAtMs)),
      high: toCents(high),
      low: toCents(low),
      close: toCents(day.midAt(startsAtMs + MS_PER_MINUTE)),
      volume: volumeOf(day, profile, minute),
      startsAtMs,
    });
  }
  return bars;
};

const volumeOf = (day: DayWithoutBars, profile: SymbolProfile, minute: number): number => {
  const isRegular = minute >= day.openMinute && minute < day.closeMinute;
  const activity = isRegular ? uShape(minute, day.openMinute, day.closeMinute) : 0.02;
  const chance = Math.exp(0.45 * normalAt(day.key, minute, 5));
  const { volume } = REGIME_TRAITS[day.regimeAt(minute)];
  return Math.max(1, Math.round((profile.dailyShares / 390) * activity * chance * volume));
};

/** The nearest cent, as a price. */
export const toCents = (usd: number): Price =>
  (Math.max(1, Math.round(usd * 100)) * (PRICE_UNITS_PER_USD / 100)) as Price;
