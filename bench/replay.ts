import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark } from "./benchmark.ts";
import { timeReplay } from "./replay-directory.ts";
import { writeWideRecording } from "./wide-recording.ts";

/** From 09:00 to 16:29, so that most rows are worth a decision. */
const SHAPE = {
  symbols: 500,
  days: ["20240304", "20240305"],
  firstMinute: 9 * 60,
  lastMinute: 16 * 60 + 29,
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
