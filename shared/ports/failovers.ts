import type { FailoverWish } from "../domain/failover/failover-wish.ts";

/** Starts failovers into this Region; one that has begun goes on without whoever asked for it. */
export type Failovers = {
  /** `name` is new for each start. Throws `RetryableError` when it is not known to have begun. */
  readonly start: (name: string, wish: FailoverWish) => Promise<void>;
};
