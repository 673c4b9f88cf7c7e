import type { Benchmark } from "./benchmark.ts";
import { timeStart } from "./time-start.ts";

/** Seconds from the command to the first filled order, with the market at its own speed. */
export const firstFill: Benchmark = {
  name: "first-fill",
  unit: "s",
  goal: { direction: "atMost", value: 60 },
  measure: async () => ({ ours: await timeStart("orderFilled", { runs: 3, timeoutMs: 180_000 }) }),
};
