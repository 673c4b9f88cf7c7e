import type { Clock } from "../../../shared/ports/clock.ts";
import type { Timers } from "../../../shared/ports/timers.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";

/** Time that passes only when there is nothing else to do, as fast as it can. */
export type VirtualTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Timers that were neither called off nor due yet. */
  readonly pending: () => number;
  /**
   * Lets time pass until the promise is settled; throws if no timer is left that could settle it.
   */
  readonly settle: <Value>(promise: Promise<Value>) => Promise<Value>;
  readonly pass: (ms: number) => Promise<void>;
  /** Resolves with the value after so many milliseconds. */
  readonly later: <Value>(ms: number, value: Value) => Promise<Value>;
};

/** Starts at the market's open. */
export const createVirtualTime = (): VirtualTime => {
  let nowMs = 0;
  let waiting: { readonly atMs: number; readonly act: () => void }[] = [];
  const timers: Timers = {
    after: (delayMs, act) => {
      const timer = { atMs: nowMs + Math.max(0, delayMs), act };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
  };
  const step = (untilMs: number): boolean => {
    const [next] = waiting.toSorted((left, right) => left.atMs - right.atMs);
    if (next === undefined || next.atMs > untilMs) return false;
    waiting = waiting.filter((other) => other !== next);
    nowMs = next.atMs;
    next.act();
    return true;
  };
  return {
    clock: { nowMs: () => Math.floor(OPEN_MS + nowMs), monotonicMs: () => nowMs },
    timers,
    pending: () => waiting.length,
    settle: async (promise) => {
      let isSettled = false;
      const mark = (): void => {
        isSettled = true;
      };
      promise.then(mark, mark);
      for (;;) {
        await goOn();
        if (isSettled) return promise;
        if (!step(Infinity)) throw new Error("Nothing is left that could settle it.");
      }
    },
    pass: async (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        await goOn();
        if (!step(untilMs)) break;
      }
      nowMs = untilMs;
    },
    later: (ms, value) =>
      new Promise((resolve) => {
        timers.after(ms, () => resolve(value));
      }),
  };
};

/** Everything that only waits for other promises goes on. */
const goOn = async (): Promise<void> => {
  for (let turns = 0; turns < 50; turns++) await Promise.resolve();
};
