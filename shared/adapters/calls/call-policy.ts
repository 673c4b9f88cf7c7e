import type { ExtraBudgetPolicy } from "../../domain/breaker/extra-budget.ts";

/** How calls are bounded, tried again and hedged. */
export type CallPolicy = {
  /** One source must answer within so many milliseconds. */
  readonly timeoutMs: number;
  /** A source that was given less before the caller's deadline is not to blame. */
  readonly fairMs: number;
  /** Rounds over all sources, the first included (E3). */
  readonly attemptsMax: number;
  /** The wait before the second round is up to this, and doubles; chance takes a part (E3). */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  readonly retryBudget: ExtraBudgetPolicy;
  /** The next source is asked when the first has taken as long as this share of its calls take. */
  readonly hedgeQuantile: number;
  /** But after this at the latest, milliseconds. */
  readonly hedgeMaxMs: number;
  /** So many calls of a source must have been seen before its own latency counts. */
  readonly hedgeSamplesMin: number;
  readonly hedgeBudget: ExtraBudgetPolicy;
};

/**
 * Reading market data: 3 attempts with up to 1 s and 2 s between, hedged near p95, at most 5 %
 * extra requests.
 */
export const DATA_CALLS: CallPolicy = {
  timeoutMs: 2_000,
  fairMs: 250,
  attemptsMax: 3,
  retryFirstMs: 1_000,
  retryMaxMs: 4_000,
  retryBudget: { earnedPerCall: 0.1, tokensMax: 10 },
  hedgeQuantile: 0.95,
  hedgeMaxMs: 60,
  hedgeSamplesMin: 20,
  hedgeBudget: { earnedPerCall: 0.05, tokensMax: 10 },
};
