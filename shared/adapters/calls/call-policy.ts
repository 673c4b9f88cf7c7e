/** How a call is bounded. */
export type CallPolicy = {
  /** One source must answer within so many milliseconds. */
  readonly timeoutMs: number;
  /** A source that was given less before the caller's deadline is not to blame. */
  readonly fairMs: number;
};

/** Reading market data. */
export const DATA_CALLS: CallPolicy = { timeoutMs: 2_000, fairMs: 250 };
