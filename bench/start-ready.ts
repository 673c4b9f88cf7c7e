import type { Benchmark } from "./benchmark.ts";
import { timeStart } from "./time-start.ts";

/** Seconds from the command to a local world that serves its page. */
export const startReady: Benchmark = {
  name: "start-ready",
  unit: "s",
  goal: { direction: "atMost", value: 5 },
  measure: async () => ({ ours: await timeStart("ready", { runs: 5, timeoutMs: 60_000 }) }),
};
