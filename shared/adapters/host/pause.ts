import { setTimeout as delay } from "node:timers/promises";
import type { Pause } from "../../ports/pause.ts";

/** Waits in real time. */
export const createHostPause = (): Pause => ({
  wait: async (ms) => {
    await delay(ms);
  },
});
