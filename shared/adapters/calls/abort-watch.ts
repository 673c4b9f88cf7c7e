/** Calls back when a caller gives up. */
export type AbortWatch = {
  /** Calls `act` when the signal, which is not aborted yet, is; returns how to call it off. */
  readonly watch: (signal: AbortSignal, act: () => void) => () => void;
};

/**
 * Watches callers' signals with one listener each, however many calls one caller makes: adding and
 * removing a listener costs more than the rest of a call, and many on one signal warn of a leak.
 */
export const createAbortWatch = (): AbortWatch => {
  const actsBySignal = new WeakMap<AbortSignal, Set<() => void>>();
  return {
    watch: (signal, act) => {
      let acts = actsBySignal.get(signal);
      if (acts === undefined) {
        acts = new Set();
        actsBySignal.set(signal, acts);
        listen(signal, acts);
      }
      const own = acts;
      own.add(act);
      return () => own.delete(act);
    },
  };
};

const listen = (signal: AbortSignal, acts: Set<() => void>): void => {
  const callAll = (): void => {
    for (const act of acts) act();
    acts.clear();
  };
  signal.addEventListener("abort", callAll, { once: true });
};
