import type { BreakerPolicy } from "./breaker-policy.ts";

/** What the market is like, as far as it is known; a value without an observation is undefined. */
export type MarketConditions = {
  /** The VIX in points. */
  readonly volatilityIndex?: { readonly value: number; readonly atMs: number };
  /** Volume by its usual volume. */
  readonly volumeRatio?: { readonly value: number; readonly atMs: number };
};

/** The mood that the conditions have put a data breaker into; kept between looks (hysteresis). */
export type MarketMood = { readonly isVolatile: boolean; readonly isBusy: boolean };

/** The mood before anything is known: base values. */
export const CALM: MarketMood = { isVolatile: false, isBusy: false };

/** What a breaker guards; only data breakers ever adapt. */
export type BreakerKind = "data" | "orders";

/** Older than this an observation is no longer known. */
const KNOWN_MS = 15 * 60_000;
const VOLATILE_ABOVE = 30;
const VOLATILE_UNTIL = 27;
const BUSY_ABOVE = 3;
const BUSY_UNTIL = 2.5;
const VOLATILE = { failuresToOpen: 10, openMs: 30_000 } as const;
const BUSY = { failuresToOpen: 8 } as const;

/**
 * The mood that follows: a VIX above 30 is volatile until it is at most 27, a volume above 3 times
 * the usual is busy until it is at most 2.5 times (E2). What is missing or old is calm.
 */
export const nextMood = (
  before: MarketMood,
  { volatilityIndex, volumeRatio }: MarketConditions,
  nowMs: number,
): MarketMood => ({
  isVolatile: isAbove(volatilityIndex, before.isVolatile, VOLATILE_ABOVE, VOLATILE_UNTIL, nowMs),
  isBusy: isAbove(volumeRatio, before.isBusy, BUSY_ABOVE, BUSY_UNTIL, nowMs),
});

const isAbove = (
  seen: { readonly value: number; readonly atMs: number } | undefined,
  wasAbove: boolean,
  above: number,
  until: number,
  nowMs: number,
): boolean => {
  if (seen === undefined || !Number.isFinite(seen.value)) return false;
  if (Math.abs(nowMs - seen.atMs) > KNOWN_MS) return false;
  return seen.value > (wasAbove ? until : above);
};

/**
 * The policy in this mood (E2): a threshold of 10 and 30 s when volatile, of 8 when busy. It is
 * never stricter in its threshold nor longer in its open time than the base, and never for orders.
 */
export const adaptPolicy = (
  base: BreakerPolicy,
  mood: MarketMood,
  kind: BreakerKind,
): BreakerPolicy => {
  if (kind === "orders" || (!mood.isVolatile && !mood.isBusy)) return base;
  const least = mood.isVolatile ? VOLATILE.failuresToOpen : BUSY.failuresToOpen;
  return {
    ...base,
    failuresToOpen: Math.max(base.failuresToOpen, least),
    openMs: mood.isVolatile ? Math.min(base.openMs, VOLATILE.openMs) : base.openMs,
  };
};
