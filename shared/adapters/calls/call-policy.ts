import type { ExtraBudgetPolicy } from "../../domain/breaker/extra-budget.ts";

/** How calls are bounded and tried again. */
export type CallPolicy = {
  /** One source must answer within so many milliseconds. */
  readonly timeoutMs: number;
  /** A source that was given less before the caller's deadline is not to blame. */
  readonly fairMs: number;
  /** Attempts, the first included (E3). */
  readonly attemptsMax: number;
  /** The wait before the second attempt is up to this, and doubles; chance takes a part (E3). */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  readonly retryBudget: ExtraBudgetPolicy;
};

/** Reading market data: 3 attempts with up to 1 s and 2 s between. */
export const DATA_CALLS: CallPolicy = {
  timeoutMs: 2_000,
  fairMs: 250,
  attemptsMax: 3,
  retryFirstMs: 1_000,
  retryMaxMs: 4_000,
  retryBudget: { earnedPerCall: 0.1, tokensMax: 10 },
};
