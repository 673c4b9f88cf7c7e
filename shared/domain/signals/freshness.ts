const DECAY_MINUTES = 45;
const FRESHNESS_MIN = 0.1;
const MS_PER_MINUTE = 60_000;

/** How far ahead of our clock a time stamp may be and still be believed. */
const FUTURE_MAX_MS = 5_000;

/**
 * How much old evidence still counts: exp(-age in minutes / 45), at least 0.1 and at most 1, by the
 * vendor's time stamp. Without a time stamp, or with one from the future, it is not fresh: 0.
 */
export const freshnessOf = (observedAtMs: number | undefined, nowMs: number): number => {
  if (observedAtMs === undefined) return 0;
  const ageMs = nowMs - observedAtMs;
  if (!Number.isFinite(ageMs) || ageMs < -FUTURE_MAX_MS) return 0;
  return Math.min(1, Math.max(FRESHNESS_MIN, Math.exp(-ageMs / MS_PER_MINUTE / DECAY_MINUTES)));
};
