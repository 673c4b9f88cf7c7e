import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWideRecording, type RecordingShape } from "../../../bench/wide-recording.ts";
import { readRecordedDays } from "../../../local/recorded-days/read-recorded-days.ts";
import type { RecordedDays } from "../../../local/recorded-days/recorded-day.ts";
import { unpaced } from "../../../local/replay/pace.ts";
import { replayRecording, type ReplayInput } from "../../../local/replay/replay-recording.ts";
import type { ReplayResult } from "../../../local/replay/replay-result.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import { parseConfiguration } from "../../../shared/runtime/configuration.ts";
import { toSettings } from "../../../shared/runtime/configuration-settings.ts";

/** Writes a recording of a few symbols into a directory of its own; the caller removes it. */
export const writeSmallRecording = (shape: Partial<RecordingShape> = {}): string => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-replay-"));
  writeWideRecording(directory, {
    symbols: 5,
    // A half day, and the Monday after it.
    days: ["20231124", "20231127"],
    firstMinute: 9 * 60 + 25,
    lastMinute: 16 * 60 + 5,
    seed: 11,
    ...shape,
  });
  return directory;
};

export const readSmallRecording = (directory: string): RecordedDays => {
  const read = readRecordedDays(directory);
  if (!read.ok) throw new Error(read.error.sentence);
  return read.value;
};

/** The default configuration, as a user without a file of his own has it. */
export const settings: Settings = (() => {
  const parsed = parseConfiguration("version: 1\nsymbols: [SPY]\n", {});
  if (!parsed.ok) throw new Error("The fixture's configuration is not valid.");
  return toSettings(parsed.value, { mode: "sim", region: "local" });
})();

export const replay = (
  recorded: RecordedDays,
  change: Partial<ReplayInput> = {},
): Promise<ReplayResult> =>
  replayRecording({
    recorded,
    settings,
    seed: 1,
    pace: unpaced,
    host: { nowMs: () => 0, monotonicMs: () => 0 },
    isStopped: () => false,
    ...change,
  });
