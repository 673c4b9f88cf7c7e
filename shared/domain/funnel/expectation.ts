import type { Session } from "../market/calendar.ts";
import { type Activity, entriesOf, HALF_HOUR_MS, HALF_HOURS, type HalfHour } from "./activity.ts";

/** How a session's entries compare with what was to be expected of it so far. */
export type Expectation = {
  /**
   * `abnormal`: so few entries come about in less than one of a hundred such sessions; `quiet`: in
   * less than one of ten; `unknown`: the session has not begun.
   */
  readonly verdict: "normal" | "quiet" | "abnormal" | "unknown";
  readonly observed: number;
  /** Entries until now, at this time of day and this volatility. */
  readonly expected: number;
  /** The chance of so few entries or fewer, 0 to 1. */
  readonly chance: number;
  /** How many sessions it was learned from. */
  readonly sessions: number;
  /** Today's moves as a multiple of the usual ones at these times; null where not known. */
  readonly volatility: number | null;
};

/** What an expectation rests on. */
export type ExpectationInput = {
  /** Earlier sessions. */
  readonly history: readonly Activity[];
  readonly today: Activity;
  readonly session: Session;
  /** How many symbols are traded. */
  readonly symbolCount: number;
  readonly nowMs: number;
};

/** Before anything is known: an entry a symbol in two days, more often near open and close. */
const PRIOR_RATE = 0.5 / 390;
const PRIOR_SHAPE = [1.8, 1.4, 1.1, 1, 0.9, 0.8, 0.7, 0.7, 0.8, 0.9, 1.1, 1.2, 0.6] as const;
/** How much the prior counts for: as much as so many symbol-minutes of history per half-hour. */
const PRIOR_SYMBOL_MINUTES = 600;
/** Days differ much from each other until history shows that they do not. */
const PRIOR_DISPERSION = 1;
const PRIOR_DISPERSION_SESSIONS = 3;
const DISPERSION_MAX = 20;
/** Activity grows with volatility, but not beyond these. */
const VOLATILITY_MIN = 0.5;
const VOLATILITY_MAX = 2;

const ABNORMAL_CHANCE = 0.01;
const QUIET_CHANCE = 0.1;

/**
 * Compares a session's entries with what its hours and volatility let expect. Each half-hour has a
 * rate of entries per symbol and minute, learned from history and pulled towards a prior; days
 * scatter more than chance alone (a negative binomial distribution), by as much as history shows.
 */
export const expectActivity = (input: ExpectationInput): Expectation => {
  const { history, today, session, symbolCount, nowMs } = input;
  const usual = usualMoves(history);
  const volatility = volatilityOf(today, usual);
  const rates = ratesOf(history, usual);
  const observed = entriesOf(today);
  const known = { observed, sessions: history.length, volatility };
  if (nowMs < session.opensAtMs) {
    return { ...known, verdict: "unknown", expected: 0, chance: 1 };
  }
  let expected = 0;
  for (const [number, rate] of rates.entries()) {
    const minutes = minutesOf(session, number, nowMs);
    expected += rate * symbolCount * minutes * boundedVolatility(volatility);
  }
  const chance = chanceOfAtMost(observed, expected, dispersionOf(history, rates, usual));
  const verdict =
    chance < ABNORMAL_CHANCE ? "abnormal" : chance < QUIET_CHANCE ? "quiet" : "normal";
  return { ...known, verdict, expected, chance };
};

/** Minutes of a half-hour that have passed at `nowMs`, within the session. */
const minutesOf = ({ opensAtMs, closesAtMs }: Session, number: number, nowMs: number): number => {
  const startsAtMs = opensAtMs + number * HALF_HOUR_MS;
  const endsAtMs = Math.min(startsAtMs + HALF_HOUR_MS, closesAtMs, nowMs);
  return Math.max(0, endsAtMs - startsAtMs) / 60_000;
};

/** The mean move of each half-hour over all history, in hundredths of a percent. */
const usualMoves = (history: readonly Activity[]): readonly (number | undefined)[] =>
  Array.from({ length: HALF_HOURS }, (_none, number) => {
    const halfHours = history.flatMap((each) => each.get(number) ?? []);
    return meanMove(sumOf(halfHours));
  });

const sumOf = (halfHours: readonly HalfHour[]): Pick<HalfHour, "moveBp" | "moves"> =>
  halfHours.reduce(
    (sum, { moveBp, moves }) => ({ moveBp: sum.moveBp + moveBp, moves: sum.moves + moves }),
    { moveBp: 0, moves: 0 },
  );

const meanMove = ({ moveBp, moves }: Pick<HalfHour, "moveBp" | "moves">): number | undefined =>
  moves > 0 && moveBp > 0 ? moveBp / moves : undefined;

/** A session's moves as a multiple of the usual ones of the same half-hours. */
const volatilityOf = (
  activity: Activity,
  usual: readonly (number | undefined)[],
): number | null => {
  let seen = 0;
  let normal = 0;
  for (const [number, { moveBp, moves }] of activity) {
    const mean = usual[number];
    if (mean === undefined) continue;
    seen += moveBp;
    normal += mean * moves;
  }
  return normal > 0 ? seen / normal : null;
};

const boundedVolatility = (volatility: number | null): number =>
  volatility === null ? 1 : Math.min(VOLATILITY_MAX, Math.max(VOLATILITY_MIN, volatility));

/** Entries per symbol and minute in each half-hour at usual volatility. */
const ratesOf = (
  history: readonly Activity[],
  usual: readonly (number | undefined)[],
): readonly number[] => {
  const factors = history.map((each) => boundedVolatility(volatilityOf(each, usual)));
  return PRIOR_SHAPE.map((shape, number) => {
    let entries = PRIOR_SYMBOL_MINUTES * PRIOR_RATE * shape;
    let minutes = PRIOR_SYMBOL_MINUTES;
    for (const [index, activity] of history.entries()) {
      const halfHour = activity.get(number);
      if (halfHour === undefined) continue;
      entries += halfHour.entries;
      minutes += halfHour.symbolMinutes * (factors[index] ?? 1);
    }
    return entries / minutes;
  });
};

/** How alike days are, by the method of moments: large is alike, 1 scatters like waiting times. */
const dispersionOf = (
  history: readonly Activity[],
  rates: readonly number[],
  usual: readonly (number | undefined)[],
): number => {
  let squares = 0;
  let excess = 0;
  for (const activity of history) {
    const factor = boundedVolatility(volatilityOf(activity, usual));
    let mean = 0;
    for (const [number, { symbolMinutes }] of activity) {
      mean += (rates[number] ?? 0) * symbolMinutes * factor;
    }
    squares += mean ** 2;
    excess += (entriesOf(activity) - mean) ** 2 - mean;
  }
  const seen = excess > 0 ? Math.min(DISPERSION_MAX, squares / excess) : DISPERSION_MAX;
  const sessions = history.length;
  return (
    (PRIOR_DISPERSION * PRIOR_DISPERSION_SESSIONS + seen * sessions) /
    (PRIOR_DISPERSION_SESSIONS + sessions)
  );
};

const COUNTED_MAX = 10_000;

/** The chance that a negative binomial count is at most `observed`. */
const chanceOfAtMost = (observed: number, mean: number, dispersion: number): number => {
  if (mean <= 0) return 1;
  const share = mean / (mean + dispersion);
  let term = (1 - share) ** dispersion;
  let sum = term;
  for (let count = 1; count <= Math.min(observed, COUNTED_MAX); count++) {
    term *= ((dispersion + count - 1) / count) * share;
    sum += term;
  }
  return Math.min(1, sum);
};
