/** Calls back after a time of the host; the seam that lets tests own time. */
export type Timers = {
  /** Calls `act` once, after `delayMs` of the host's time; returns how to call it off. */
  readonly after: (delayMs: number, act: () => void) => () => void;
};

/** The longest wait that the host's timer takes in one piece. */
const DELAY_MAX_MS = 2 ** 31 - 1;

/** The host's timers. */
export const createHostTimers = (): Timers => ({
  after: (delayMs, act) => {
    const timer = setTimeout(act, Math.min(delayMs, DELAY_MAX_MS));
    return () => clearTimeout(timer);
  },
});
