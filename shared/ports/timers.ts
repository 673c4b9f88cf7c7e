/**
 * Calls back when time has passed: what time-outs and races are made of. Virtual in the simulated
 * world.
 */
export type Timers = {
  /** Calls `act` once, after `delayMs` of this world's time; returns how to call it off. */
  readonly after: (delayMs: number, act: () => void) => () => void;
};
