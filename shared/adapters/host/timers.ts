import type { Timers } from "../../ports/timers.ts";

/** The longest wait that the host's timer takes in one piece. */
const DELAY_MAX_MS = 2 ** 31 - 1;

/** The host's timers. */
export const createHostTimers = (): Timers => ({
  after: (delayMs, act) => {
    const timer = setTimeout(act, Math.min(delayMs, DELAY_MAX_MS));
    return () => clearTimeout(timer);
  },
});
