import type { Timers } from "../../../shared/ports/timers.ts";

/** A host whose time moves only when a test says so, with the timers that follow it. */
export type VirtualHost = {
  readonly monotonicMs: () => number;
  readonly timers: Timers;
  /** Lets time pass, timer by timer, and everything that they set off. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass without any timer noticing, as a paused process does. */
  readonly freeze: (ms: number) => void;
};

export const createVirtualHost = (): VirtualHost => {
  let nowMs = 1_000;
  let waiting: { readonly atMs: number; readonly act: () => void }[] = [];
  return {
    monotonicMs: () => nowMs,
    timers: {
      after: (delayMs, act) => {
        const timer = { atMs: nowMs + delayMs, act };
        waiting.push(timer);
        return () => {
          waiting = waiting.filter((other) => other !== timer);
        };
      },
    },
    pass: async (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const [next] = waiting.toSorted((left, right) => left.atMs - right.atMs);
        if (next === undefined || next.atMs > endMs) break;
        waiting = waiting.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.act();
      }
      nowMs = endMs;
      await settle();
    },
    freeze: (ms) => {
      nowMs += ms;
    },
  };
};

/** Everything that only waits for other promises goes on. */
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
};
