import type { Clock } from "../../../shared/ports/clock.ts";
import type { Timers } from "../../../shared/ports/timers.ts";

/**
 * How long this process has stood still so far, beyond what is usual, in the host's milliseconds.
 */
export type StallWatch = { readonly stalledMs: () => number; readonly stop: () => void };

const EVERY_MS = 1;
/** A timer may be so late on any machine. No step of the gateway takes so long. */
const USUAL_MS = 1;

/**
 * Measures for how long nothing at all could happen in this process: because the exchange, which is
 * simulated in it, computed, or because the machine did something else. No vendor can answer then,
 * and none is to blame.
 */
export const watchStalls = ({
  clock,
  timers,
}: {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly timers: Timers;
}): StallWatch => {
  let stalledMs = 0;
  let dueAtMs = 0;
  let callOff: (() => void) | undefined;
  const late = (): number => Math.max(0, clock.monotonicMs() - dueAtMs - USUAL_MS);
  const tick = (): void => {
    dueAtMs = clock.monotonicMs() + EVERY_MS;
    callOff = timers.after(EVERY_MS, () => {
      stalledMs += late();
      tick();
    });
  };
  tick();
  // A stall that has only just ended counts as well: its timer may not have been called yet.
  return { stalledMs: () => stalledMs + late(), stop: () => callOff?.() };
};
