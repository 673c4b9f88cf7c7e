import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../shared/ports/clock.ts";

/** Waits until the host's clock allows the next virtual moment; at once when it is late. */
export type Pace = (virtualMs: number) => Promise<void>;

/**
 * No waiting: as fast as it goes, save that the host hears now and then what it is told, as a stop.
 * Each of its turns has its price: one a minute made a replay a tenth slower.
 */
export const unpaced: Pace = async (virtualMs) => {
  if (virtualMs % TURN_EVERY_MS === 0) await nextTurn();
};

/** Of virtual time, in which a replay moves by whole minutes. */
const TURN_EVERY_MS = 15 * 60_000;

/**
 * Lets virtual time pass `speed` times as fast as the host's. Time that the recording skips (the
 * night) is not waited for: a gap counts as one minute. An abort ends the wait at once.
 */
export const createPace = (speed: number, host: Clock, stopped: AbortSignal): Pace => {
  let lastVirtualMs: number | undefined;
  let dueAtMs = host.monotonicMs();
  return async (virtualMs) => {
    const passedMs = Math.min(GAP_MAX_MS, virtualMs - (lastVirtualMs ?? virtualMs));
    lastVirtualMs = virtualMs;
    dueAtMs += passedMs / speed;
    const waitMs = dueAtMs - host.monotonicMs();
    if (stopped.aborted) return;
    if (waitMs <= 0) {
      await unpaced(virtualMs);
      return;
    }
    // The wait is over either way; who asked for the stop looks at the signal.
    await sleep(waitMs, undefined, { signal: stopped }).catch(() => undefined);
  };
};

const GAP_MAX_MS = 60_000;
