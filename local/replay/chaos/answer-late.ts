import type { VirtualClock } from "../virtual-clock.ts";

/**
 * Lets `ms` of virtual time pass before an answer. Calls that were made at the same moment wait
 * beside each other, as they would over a network, and not one after the other.
 */
export const answerLate = async (clock: VirtualClock, ms: number): Promise<void> => {
  const dueAtMs = clock.nowMs() + ms;
  // Whoever else calls at this moment takes its own due time before the clock moves.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  clock.setTo(Math.max(dueAtMs, clock.nowMs()));
};
