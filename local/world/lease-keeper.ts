import type { Functions } from "../functions.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import type { Schedule } from "./scheduler.ts";

const MINUTE_MS = 60_000;
const LEASE_PHASE_MS = 5_000;
/** The function's reserved concurrency. */
const KEEPERS_MAX = 3;

/** Keeps or watches the lease of an account. */
export type LeaseKeeper = {
  readonly schedule: Schedule;
  /** Waits for the runs that are under way. */
  readonly stop: () => Promise<void>;
};

/**
 * The lease's keeper each minute, beside the run before where that is still at it, as in the cloud:
 * a run that waits for a reconciliation must not keep the next one from saying that it is alive.
 */
export const createLeaseKeeper = (
  functions: Pick<Functions, "keepLease">,
  { onFailure }: Pick<MachineryOptions, "onFailure">,
): LeaseKeeper => {
  const running = new Set<Promise<void>>();
  const keep = async (): Promise<void> => {
    try {
      await functions.keepLease({});
    } catch (error) {
      onFailure("keep-lease", error);
    }
  };
  const schedule: Schedule = {
    name: "keep-lease",
    everyMs: MINUTE_MS,
    phaseMs: LEASE_PHASE_MS,
    run: async () => {
      if (running.size >= KEEPERS_MAX) return;
      const run = keep().finally(() => void running.delete(run));
      running.add(run);
    },
  };
  return {
    schedule,
    stop: async () => void (await Promise.all(running)),
  };
};
