import { setTimeout as delay } from "node:timers/promises";

/** How often a drill looks at its world, in the host's milliseconds. */
const LOOK_EVERY_MS = 15;

/**
 * Looks again and again until `isThere`, at the latest when the world's time is `untilMs`; says
 * whether it was there. A drill that is stopped ends the wait at once.
 */
export const waitUntil = async (
  world: { readonly nowMs: () => number },
  wait: {
    readonly untilMs: number;
    readonly stopped: AbortSignal;
    readonly isThere: () => boolean | Promise<boolean>;
  },
): Promise<boolean> => {
  while (!wait.stopped.aborted) {
    if (await wait.isThere()) return true;
    if (world.nowMs() >= wait.untilMs) return false;
    await delay(LOOK_EVERY_MS);
  }
  return false;
};
