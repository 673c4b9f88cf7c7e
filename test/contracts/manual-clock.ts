import type { Clock } from "../../shared/ports/clock.ts";

/** A clock that a test sets forward by hand. */
export type ManualClock = Clock & { readonly advance: (ms: number) => void };

/** Starts a clock that stands at `startsAtMs` until it is advanced. */
export const createManualClock = (startsAtMs: number): ManualClock => {
  let elapsedMs = 0;
  return {
    nowMs: () => startsAtMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    advance: (ms) => {
      elapsedMs += ms;
    },
  };
};
