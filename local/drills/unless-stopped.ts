import { setTimeout as delay } from "node:timers/promises";
import { DrillFault } from "./drill-world.ts";

/**
 * What `work` came to; `undefined` where the drill was stopped meanwhile: whatever was measured
 * then, or could not be done, says nothing of the system.
 */
export const unlessStopped = async <Value>(
  stopped: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value | undefined> => {
  try {
    const value = await work();
    return stopped.aborted ? undefined : value;
  } catch (error) {
    if (stopped.aborted && error instanceof DrillFault) return undefined;
    throw error;
  }
};

/** Leaves work that nobody waits for any more; for use within `unlessStopped`. */
export const requireGoing = (stopped: AbortSignal): void => {
  if (stopped.aborted) throw new DrillFault("The drill was stopped.");
};

/**
 * Waits so many of the host's milliseconds, or until the drill is stopped. A wait that others race
 * with, `isUnheld`, keeps no process alive.
 */
export const waitUnlessStopped = async (
  stopped: AbortSignal,
  ms: number,
  { isUnheld = false }: { readonly isUnheld?: boolean } = {},
): Promise<void> => {
  await delay(ms, undefined, { signal: stopped, ref: !isUnheld }).catch(() => undefined);
};
