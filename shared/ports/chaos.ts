import type { ChaosRecord } from "../domain/chaos/chaos-record.ts";
import type { Failure } from "../domain/chaos/chaos-mode.ts";
import type { Clock } from "./clock.ts";

/** What was broken on purpose, where every function sees it. Methods throw `RetryableError`. */
export type ChaosLog = {
  /** Newest first, at most `limit`. */
  readonly list: (limit: number) => Promise<readonly ChaosRecord[]>;
  /** Keeps a record; one that began at the same moment is replaced. */
  readonly note: (record: ChaosRecord) => Promise<void>;
};

/** Breaking things on purpose; absent where nothing may be broken. */
export type Chaos = {
  readonly log: ChaosLog;
  /** What can be caused in this world. */
  readonly causes: readonly Failure[];
  /** What is done once when a failure is caused: damage to what is stored. */
  readonly strikes: Readonly<Partial<Record<Failure, () => Promise<void>>>>;
  /** A clock that no failure touches. */
  readonly clock: Pick<Clock, "nowMs">;
};
