/** What a request is for: exits and what clears their way, entries, or reading. */
export type RequestLane = "exit" | "entry" | "read";

/**
 * How many requests an account may make. In any stretch of `ms` at most
 * `capacity + refillPerMinute * ms / 60,000` tokens are taken.
 */
export type BudgetPolicy = {
  /** Tokens of a bucket that has rested: the largest burst. */
  readonly capacity: number;
  readonly refillPerMinute: number;
  /** The last tokens, which are for exits alone. */
  readonly exitReserve: number;
  /**
   * The tokens above those that entries leave to reading: what is held comes before what is new.
   */
  readonly readReserve: number;
  /** Tokens that one environment takes at once for what it is about to ask. */
  readonly leaseTokens: number;
  /** Leased tokens that were not used by then are given up. */
  readonly leaseMs: number;
};

/**
 * Alpaca's 200 requests a minute and account. A lease may be spent up to its end, so that a
 * minute's requests were taken within 70 s: 120 + 65 * 70 / 60 is below 200. Requests come in
 * bursts, when a cycle ends and the account is reconciled, so that the bucket is large and fills
 * slowly.
 */
export const ALPACA_BUDGET: BudgetPolicy = {
  capacity: 120,
  refillPerMinute: 65,
  exitReserve: 30,
  readReserve: 20,
  leaseTokens: 10,
  leaseMs: 10_000,
};

/** Tokens as of a moment. */
export type TokenBucket = {
  readonly tokens: number;
  readonly atMs: number;
  /** The vendor refused: until then only exits try. */
  readonly closedUntilMs: number;
};

/** What came of asking for tokens. */
export type Taking = {
  readonly bucket: TokenBucket;
  /** 0 where there are too few for this lane. */
  readonly taken: number;
  /** When there are enough again, epoch ms. */
  readonly retryAtMs: number;
};

const MS_PER_MINUTE = 60_000;
/** A vendor that closes for longer is asked again anyway. */
const CLOSED_MAX_MS = 5 * MS_PER_MINUTE;

/** A bucket that has rested. */
export const fullBucket = (policy: BudgetPolicy, nowMs: number): TokenBucket => ({
  tokens: policy.capacity,
  atMs: nowMs,
  closedUntilMs: 0,
});

/** How many tokens are asked for: at least so many or none, at most so many. */
export type Wanted = { readonly lane: RequestLane; readonly least: number; readonly most: number };

/** Takes whole tokens; reads leave the exits' reserve alone, and entries that of reads as well. */
export const takeTokens = (
  before: TokenBucket,
  { lane, least, most }: Wanted,
  nowMs: number,
  policy: BudgetPolicy,
): Taking => {
  const bucket = refill(before, nowMs, policy);
  const floor = floorOf(lane, policy);
  const isClosed = lane !== "exit" && nowMs < bucket.closedUntilMs;
  const there = Math.max(0, Math.floor(bucket.tokens - floor));
  const taken = isClosed || there < least ? 0 : Math.min(most, there);
  const missing = Math.max(0, floor + least - bucket.tokens);
  const waitMs = Math.ceil((missing / policy.refillPerMinute) * MS_PER_MINUTE);
  const openAtMs = isClosed ? bucket.closedUntilMs : nowMs;
  return {
    bucket: { ...bucket, tokens: bucket.tokens - taken },
    taken,
    retryAtMs: Math.max(openAtMs, nowMs + waitMs),
  };
};

const floorOf = (lane: RequestLane, { exitReserve, readReserve }: BudgetPolicy): number => {
  switch (lane) {
    case "exit":
      return 0;
    case "read":
      return exitReserve;
    case "entry":
      return exitReserve + readReserve;
  }
};

/**
 * The vendor said that the limit is reached, perhaps by others: only exits try before `untilMs`.
 */
export const closeBucket = (
  before: TokenBucket,
  untilMs: number,
  nowMs: number,
  policy: BudgetPolicy,
): TokenBucket => {
  const bucket = refill(before, nowMs, policy);
  const closedUntilMs = Math.min(untilMs, nowMs + CLOSED_MAX_MS);
  return { ...bucket, closedUntilMs: Math.max(bucket.closedUntilMs, closedUntilMs) };
};

/** Clocks of environments differ a little; time that goes back refills nothing. */
const refill = (bucket: TokenBucket, nowMs: number, policy: BudgetPolicy): TokenBucket => {
  const passedMs = Math.max(0, nowMs - bucket.atMs);
  const tokens = bucket.tokens + (passedMs * policy.refillPerMinute) / MS_PER_MINUTE;
  return {
    ...bucket,
    tokens: Math.min(policy.capacity, tokens),
    atMs: Math.max(bucket.atMs, nowMs),
  };
};
