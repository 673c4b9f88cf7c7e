import {
  sessionDateToDayNumber,
  type SessionDate,
} from "../../../shared/domain/market/session-date.ts";
import { hashText, normalAt, smoothNoiseAt, uniformAt } from "../hash.ts";

/** The market's mood; prices, spreads, volumes, the volatility index and options flow follow it. */
export type Regime = "calm" | "trending" | "turbulent";

/** Minutes of a trading day, 04:00 to 20:00 in New York. */
export const MINUTES_PER_DAY = 960;

/** What a regime does, per minute. */
export type RegimeTraits = {
  /** Standard deviation of the broad market's logarithmic return. */
  readonly sigma: number;
  /** Size of its drift; the direction is drawn for each spell. */
  readonly drift: number;
  /** Bid-ask spread against a calm market's. */
  readonly spread: number;
  readonly volume: number;
  /** The volatility index that the regime tends to. */
  readonly volatilityIndex: number;
};

/** The traits of each regime. */
export const REGIME_TRAITS: Readonly<Record<Regime, RegimeTraits>> = {
  calm: { sigma: 0.000_28, drift: 0, spread: 1, volume: 0.85, volatilityIndex: 13.5 },
  trending: { sigma: 0.000_4, drift: 0.000_09, spread: 1.3, volume: 1.15, volatilityIndex: 18.5 },
  turbulent: { sigma: 0.001_1, drift: 0, spread: 3, volume: 2.1, volatilityIndex: 38 },
};

/** One day of the whole market, by minute from 04:00 on. */
export type MarketDay = {
  readonly regimes: readonly Regime[];
  /** The broad market's logarithmic returns. */
  readonly returns: Float64Array;
  readonly volatilityIndex: Float64Array;
};

/**
 * Chances that a minute's regime is followed by each; a row sums to 1. Spells last about an hour.
 */
const NEXT: Readonly<Record<Regime, readonly (readonly [Regime, number])[]>> = {
  calm: [
    ["calm", 0.985],
    ["trending", 0.011],
    ["turbulent", 0.004],
  ],
  trending: [
    ["trending", 0.982],
    ["calm", 0.012],
    ["turbulent", 0.006],
  ],
  turbulent: [
    ["turbulent", 0.97],
    ["trending", 0.02],
    ["calm", 0.01],
  ],
};

const INDEX_MEMORY_MINUTES = 40;

/** Draws the market's day from a Markov chain; the same seed and date give the same day. */
export const drawMarketDay = (seed: string, date: SessionDate): MarketDay => {
  const key = hashText(`${seed}/market/${date}`);
  const regimes: Regime[] = [];
  const returns = new Float64Array(MINUTES_PER_DAY);
  const volatilityIndex = new Float64Array(MINUTES_PER_DAY);
  const dayNoise = smoothNoiseAt(hashText(`${seed}/volatility`), sessionDateToDayNumber(date) / 9);
  let regime = firstRegime(uniformAt(key, -1), dayNoise);
  let driftSign = uniformAt(key, -2) < 0.5 ? -1 : 1;
  let index = REGIME_TRAITS[regime].volatilityIndex + 3 * dayNoise;
  for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
    const next = nextRegime(regime, uniformAt(key, minute, 1));
    if (next !== regime) driftSign = uniformAt(key, minute, 2) < 0.5 ? -1 : 1;
    regime = next;
    const { sigma, drift, volatilityIndex: goal } = REGIME_TRAITS[regime];
    index += (goal - index) / INDEX_MEMORY_MINUTES + 0.06 * normalAt(key, minute, 3);
    regimes.push(regime);
    returns[minute] = drift * driftSign + sigma * normalAt(key, minute, 4);
    volatilityIndex[minute] = Math.max(9, index);
  }
  return { regimes, returns, volatilityIndex };
};

const firstRegime = (draw: number, dayNoise: number): Regime => {
  if (draw < 0.06 + 0.1 * Math.max(0, dayNoise)) return "turbulent";
  return draw < 0.5 ? "trending" : "calm";
};

const nextRegime = (regime: Regime, draw: number): Regime => {
  let sum = 0;
  for (const [next, chance] of NEXT[regime]) {
    sum += chance;
    if (draw < sum) return next;
  }
  return regime;
};
