import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";

/** Calls back those that are late. */
export type Deadlines = {
  /** Calls `act` at this monotonic time, unless it is called off before. */
  readonly watch: (atMs: number, act: () => void) => () => void;
};

/**
 * Watches any number of deadlines with one timer, because nearly all of them are called off, and a
 * timer of its own would cost each call more than everything else here. The last timer is left to
 * run out when nothing is watched any more.
 */
export const createDeadlines = (deps: {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly timers: Timers;
}): Deadlines => {
  const watched = new Set<Watched>();
  let armedForMs = Infinity;
  let callOffTimer: (() => void) | undefined;
  const arm = (atMs: number, nowMs: number): void => {
    callOffTimer?.();
    armedForMs = atMs;
    callOffTimer = deps.timers.after(Math.max(0, atMs - nowMs), ring);
  };
  const ring = (): void => {
    armedForMs = Infinity;
    callOffTimer = undefined;
    // The host's timers may ring a little early by the clock: what was armed for is due.
    const nowMs = deps.clock.monotonicMs() + EARLY_MS;
    for (const one of watched) {
      if (one.atMs > nowMs || !watched.delete(one)) continue;
      one.act();
    }
    let nextMs = Infinity;
    for (const { atMs } of watched) nextMs = Math.min(nextMs, atMs);
    if (nextMs < armedForMs) arm(nextMs, deps.clock.monotonicMs());
  };
  return {
    watch: (atMs, act) => {
      const one = { atMs, act };
      watched.add(one);
      if (atMs < armedForMs) arm(atMs, deps.clock.monotonicMs());
      return () => watched.delete(one);
    },
  };
};

type Watched = { readonly atMs: number; readonly act: () => void };

const EARLY_MS = 1;
