import type { ExitCode } from "../verb.ts";
import type { Palette } from "./text.ts";

/** What a drill of several rows came to, as far as its last word needs it. */
type Drilled = {
  readonly ok: boolean;
  readonly isStopped: boolean;
  readonly rows: readonly { readonly ok: boolean }[];
};

/** 0 if all of it held, 2 if something did not, 1 if it was stopped and held so far. */
export const drillExitCode = ({ ok, isStopped, rows }: Drilled): ExitCode => {
  if (ok) return 0;
  return isStopped && rows.every((row) => row.ok) ? 1 : 2;
};

/** The last line of a drill; one that was stopped proves nothing, and failed at nothing either. */
export const drillVerdict = (drill: Drilled, held: string, palette: Palette): string => {
  if (drill.ok) return palette.green(held);
  const hasFailed = drill.rows.some((row) => !row.ok);
  const failed = "The drill failed; the rows that are not ok say where.";
  if (!drill.isStopped) return palette.red(failed);
  const stopped = `STOPPED before its end; rows that were finished: ${drill.rows.length}.`;
  return hasFailed ? palette.red(`${stopped} ${failed}`) : palette.yellow(stopped);
};
