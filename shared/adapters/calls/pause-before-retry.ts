import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";

/** How often something is asked for, and how soon again (E3). */
export type RetryPolicy = {
  /** Attempts, the first included. */
  readonly attemptsMax: number;
  /** The wait before the second is up to this, and doubles; chance takes a part. */
  readonly firstMs: number;
};

/** An attempt that failed of something that may pass. */
export type FailedAttempt = {
  /** 1 for the first. */
  readonly attempt: number;
  /** When nobody waits any longer, monotonic milliseconds. */
  readonly deadlineMs: number;
  /** Takes one from the budget of extra requests; false where there is none left. */
  readonly takeExtra: () => boolean;
};

/** The wait before the next attempt; `undefined` where there is to be none. */
export const pauseBeforeRetry = (
  { clock, random, timers }: RetryDeps,
  { attemptsMax, firstMs }: RetryPolicy,
  { attempt, deadlineMs, takeExtra }: FailedAttempt,
): Promise<void> | undefined => {
  if (attempt >= attemptsMax) return undefined;
  const waitMs = random.next() * firstMs * 2 ** (attempt - 1);
  if (clock.monotonicMs() + waitMs >= deadlineMs || !takeExtra()) return undefined;
  return new Promise((resolve) => {
    timers.after(waitMs, resolve);
  });
};

type RetryDeps = {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly random: Pick<Random, "next">;
  readonly timers: Timers;
};
