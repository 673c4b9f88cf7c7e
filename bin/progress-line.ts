import { createHostClock } from "../shared/adapters/host/clock.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { VerbContext, VerbInput } from "./verb.ts";

/** How far a long run is, on stderr. */
export type ProgressLine = {
  readonly show: (text: string) => void;
  /** Takes the line away, before the result is printed. */
  readonly clear: () => void;
};

/** A log that nobody looks at gets a line no more often than this. */
const LOG_EVERY_MS = 30_000;

/**
 * A line that is written over and over where a person looks, and a new one now and then where
 * nobody does: a run of minutes is never silent, and a short one leaves nothing behind.
 */
export const createProgressLine = (
  { isJson }: Pick<VerbInput, "isJson">,
  { isTerminal, writeError }: Pick<VerbContext, "isTerminal" | "writeError">,
  clock: Pick<Clock, "monotonicMs"> = createHostClock(),
): ProgressLine => {
  let toldAtMs = clock.monotonicMs();
  const log = (text: string): void => {
    const nowMs = clock.monotonicMs();
    if (nowMs - toldAtMs < LOG_EVERY_MS) return;
    toldAtMs = nowMs;
    writeError(`${text}\n`);
  };
  if (!isTerminal) return { show: log, clear: () => undefined };
  // A document on the same terminal is not to be written into.
  const write = isJson ? () => undefined : (text: string) => writeError(`\r\u001b[K${text}`);
  return { show: write, clear: () => write("") };
};
