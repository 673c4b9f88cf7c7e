import type { Clock } from "../shared/ports/clock.ts";

/** One press of Ctrl-C, or one time-out, may come twice: to the process, and to its group. */
const REPEAT_MAX_MS = 1_000;

/**
 * What answers a signal that asks the process to end: the first stops it in good order, its repeat
 * within a second is the same wish, and any later one is to end it at once.
 */
export const createAnswerToSignals = <Signal>({
  clock,
  stop,
  endAtOnce,
}: {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly stop: () => void;
  readonly endAtOnce: (signal: Signal) => void;
}): ((signal: Signal) => void) => {
  let firstAtMs: number | undefined;
  return (signal) => {
    const atMs = clock.monotonicMs();
    if (firstAtMs === undefined) {
      firstAtMs = atMs;
      stop();
    } else if (atMs - firstAtMs >= REPEAT_MAX_MS) endAtOnce(signal);
  };
};
