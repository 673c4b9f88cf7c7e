import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import * as z from "zod";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import type { StateRefused } from "./state-directory.ts";

/** What a world was made with, and how far its time may have come. */
export type WorldRecord = {
  readonly version: 1;
  /** Names the simulated market. */
  readonly seed: number;
  /** The recorded days that it plays, as an absolute path; null for the simulated market. */
  readonly data: string | null;
  /** Every symbol that was ever traded in it: a position must keep its price. */
  readonly symbols: readonly string[];
  /** Epoch ms; the clock never shows less again. */
  readonly timeMs: number;
};

const WorldRecordFile: z.ZodType<WorldRecord> = z.strictObject({
  version: z.literal(1),
  seed: z.int(),
  data: z.string().nullable(),
  symbols: z.array(z.string()),
  timeMs: z.number(),
});

/** Reads a world's record; `undefined` where there is none yet. The file is never changed. */
export const readWorldFile = (path: string): Result<WorldRecord | undefined, StateRefused> => {
  if (!existsSync(path)) return ok(undefined);
  try {
    return ok(WorldRecordFile.parse(JSON.parse(readFileSync(path, "utf8"))));
  } catch {
    const sentence =
      `The world's record ${path} is damaged and was left as it is. ` +
      "Begin anew with --fresh, which keeps it aside, or name another directory with --state DIR.";
    return err({ type: "StateRefused", sentence });
  }
};

/** Replaces the record as a whole: after a crash it is the old one or the new one. */
export const writeWorldFile = (path: string, record: WorldRecord): void => {
  const temporary = `${path}.next`;
  const file = openSync(temporary, "w");
  try {
    writeSync(file, `${JSON.stringify(record)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
};
