import { assert } from "../../domain/assert.ts";
import type { Clock } from "../../ports/clock.ts";

/** Where a scaled clock starts and how fast it runs. */
export type ScaledClockOptions = {
  /** What drives it. */
  readonly source: Clock;
  /** What it shows first, epoch milliseconds. */
  readonly startsAtMs: number;
  /** Its milliseconds per millisecond of the source; positive. */
  readonly speed: number;
};

/**
 * A clock that starts at a moment of choice and runs `speed` times faster than its source. It
 * follows the source's monotonic time, so that it never goes back when the machine's date is set.
 */
export const createScaledClock = (options: ScaledClockOptions): Clock => {
  const { source, startsAtMs, speed } = options;
  assert(speed > 0 && Number.isFinite(speed), "A clock's speed is a positive number.");
  const originMs = source.monotonicMs();
  const elapsedMs = (): number => (source.monotonicMs() - originMs) * speed;
  return { nowMs: () => Math.floor(startsAtMs + elapsedMs()), monotonicMs: elapsedMs };
};
