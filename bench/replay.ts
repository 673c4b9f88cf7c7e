import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark } from "./benchmark.ts";
import { timeReplay } from "./replay-directory.ts";
import { writeWideRecording } from "./wide-recording.ts";

/**
 * As the recorded days of ../shared/data/recorded are, counted over their 20 files of quotes: five
 * days from 04:00 to 20:00, a quote in each of the session's 390 minutes and in 47.5 % of the 571
 * others (271 of 661 rows a day), and trades in 66 % of the latter.
 */
const SHAPE = {
  symbols: 500,
  days: ["20240304", "20240305", "20240306", "20240307", "20240308"],
  firstMinute: 4 * 60,
  lastMinute: 20 * 60,
  outside: { quoteShare: 0.475, tradeShare: 0.66 },
  seed: 7,
} as const;

/** Quotes a second from recording to order over the whole pipeline, 500 symbols wide. */
export const replayWide: Benchmark = {
  name: "replay",
  unit: "quotes/s",
  goal: { direction: "atLeast", value: 100_000 },
  measure: async (report) => {
    const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
    try {
      writeWideRecording(directory, SHAPE);
      return { ours: await timeReplay(directory, report) };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
