import type { Clock } from "../../../shared/ports/clock.ts";
import type { Timers } from "../../../shared/ports/timers.ts";

/** Time that passes only when everybody waits for it. */
export type VirtualTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly wait: (ms: number) => Promise<void>;
  /** Lets time pass until the work is done; throws when nobody can ever wake it. */
  readonly run: <Value>(work: Promise<Value>) => Promise<Value>;
};

const STEPS_MAX = 10_000;

export const createVirtualTime = (startsAtMs: number): VirtualTime => {
  let nowMs = startsAtMs;
  let events: { readonly atMs: number; readonly act: () => void }[] = [];
  const after: Timers["after"] = (delayMs, act) => {
    const event = { atMs: nowMs + Math.max(0, delayMs), act };
    events.push(event);
    return () => {
      events = events.filter((one) => one !== event);
    };
  };
  const passOn = (): boolean => {
    const next = events.toSorted((left, right) => left.atMs - right.atMs)[0];
    if (next === undefined) return false;
    events = events.filter((one) => one !== next);
    nowMs = next.atMs;
    next.act();
    return true;
  };
  return {
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    timers: { after },
    wait: (ms) =>
      new Promise((resolve) => {
        after(ms, resolve);
      }),
    run: async (work) => {
      let isDone = false;
      const done = (): void => {
        isDone = true;
      };
      void work.catch(() => undefined).finally(done);
      for (let step = 0; step < STEPS_MAX; step++) {
        // Everything that is ready runs before time goes on.
        await new Promise((resolve) => setImmediate(resolve));
        if (isDone) return work;
        if (!passOn()) throw new Error("Everybody waits, and nothing will happen.");
      }
      throw new Error("It takes too long.");
    },
  };
};
