import type { Breaker } from "../domain/breaker/breaker.ts";
import type { Result } from "../domain/result.ts";

/** A breaker as all functions of a Region share it. */
export type BreakerRecord = {
  /** `<vendor>.<operation>`, or `<vendor>.<operation>.<SYMBOL>`. */
  readonly name: string;
  readonly breaker: Breaker;
  /** Counts the writes of this record; at least 1. */
  readonly version: number;
};

/** Somebody else wrote it first; `current` is what they wrote. */
export type BreakerConflict = {
  readonly type: "BreakerConflict";
  readonly current: BreakerRecord | undefined;
};

/**
 * Where functions share what they know of a vendor that is not well. A vendor that never failed has
 * no record. Every method throws `RetryableError` when the store does not answer.
 */
export type BreakerRecords = {
  readonly load: (name: string) => Promise<BreakerRecord | undefined>;
  /** At most 500, in the order of their names. */
  readonly list: () => Promise<readonly BreakerRecord[]>;
  /** Stores it over the version that the caller saw, 0 where there was none. */
  readonly save: (
    name: string,
    breaker: Breaker,
    version: number,
  ) => Promise<Result<BreakerRecord, BreakerConflict>>;
};
