import type { Clock } from "../../ports/clock.ts";

/** The machine's own time: the only place that reads it. */
export const createHostClock = (): Clock => ({
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
});
