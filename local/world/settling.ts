import type { MachineryOptions } from "./machinery-options.ts";

/** How long after a submission the broker is asked what became of it, in the world's time. */
const SETTLE_MS = 4_000;

/** What follows the submissions of orders. */
export type Settling = {
  /** Asks for a reconciliation soon, once for all that asked meanwhile. */
  readonly soon: () => void;
  readonly stop: () => void;
};

/** Has the broker asked what became of orders, a moment after they were sent. */
export const createSettling = (
  { clock, timers, onFailure }: Pick<MachineryOptions, "clock" | "timers" | "onFailure">,
  reconcile: () => Promise<unknown>,
): Settling => {
  let cancel: (() => void) | undefined;
  const run = (): void => {
    cancel = undefined;
    reconcile().catch((error: unknown) => onFailure("reconcile-orders", error));
  };
  return {
    soon: () => {
      cancel ??= timers.after(clock.hostMsUntil(clock.nowMs() + SETTLE_MS), run);
    },
    stop: () => cancel?.(),
  };
};
