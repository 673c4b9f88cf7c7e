import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Benchmark, NotMeasurable } from "./benchmark.ts";
import { timeReplay } from "./replay-directory.ts";

const RECORDED = fileURLToPath(new URL("../../shared/data/recorded", import.meta.url));

/** The same over recorded days of four symbols: most of it is the price of starting cold. */
export const replayRecorded: Benchmark = {
  name: "replay-recorded",
  unit: "quotes/s",
  goal: undefined,
  measure: async (report) => {
    if (!existsSync(RECORDED)) throw new NotMeasurable(`There are no recorded days: ${RECORDED}.`);
    return { ours: await timeReplay(RECORDED, report) };
  },
};
