/**
 * How long a source takes, as counts in buckets that grow by a factor: a quantile is right within
 * that factor, in constant space. Old observations fade: whenever there are 512, all count half.
 */
export type LatencyDigest = { readonly counts: readonly number[]; readonly total: number };

/** A digest that has seen nothing. */
export const EMPTY_DIGEST: LatencyDigest = { counts: [], total: 0 };

const FIRST_MS = 0.25;
const GROWTH = 1.15;
const LOG_GROWTH = Math.log(GROWTH);
const BUCKETS_MAX = 96;
const FADE_AT = 512;

/** Adds one observation, milliseconds. */
export const addLatency = ({ counts, total }: LatencyDigest, ms: number): LatencyDigest => {
  const bucket = bucketOf(ms);
  if (bucket < counts.length && total < FADE_AT) {
    return { counts: counts.with(bucket, (counts[bucket] ?? 0) + 1), total: total + 1 };
  }
  const fade = total >= FADE_AT ? 0.5 : 1;
  const next: number[] = [];
  for (let index = 0; index < Math.max(counts.length, bucket + 1); index++) {
    next.push((counts[index] ?? 0) * fade + (index === bucket ? 1 : 0));
  }
  return { counts: next, total: total * fade + 1 };
};

/** The latency that this share (0 to 1) of the calls stays under; `undefined` of none seen. */
export const latencyQuantile = (
  { counts, total }: LatencyDigest,
  share: number,
): number | undefined => {
  if (total === 0) return undefined;
  let below = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    below += counts[bucket] ?? 0;
    if (below >= share * total) return FIRST_MS * GROWTH ** bucket;
  }
  return FIRST_MS * GROWTH ** (counts.length - 1);
};

/** A bucket holds what is at most its own end. */
const bucketOf = (ms: number): number =>
  ms <= FIRST_MS ? 0 : Math.min(BUCKETS_MAX - 1, Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH));
