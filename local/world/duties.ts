import type { Functions } from "../functions.ts";
import { createHeal } from "./heal-workflow.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import { runOnceAtATime } from "./run-once-at-a-time.ts";
import type { Woken } from "./schedules.ts";
import { createSettling, type Settling } from "./settling.ts";
import { createStateFunctions } from "./state-functions.ts";
import { tellReconciling } from "./tell-reconciling.ts";
import { createWatchfulHealth, type WatchfulHealth } from "./watchful-health.ts";

/** The functions, and the work that they ask for of each other. */
export type Duties = ReturnType<typeof createStateFunctions> &
  Woken & {
    readonly settling: Settling;
    readonly health: WatchfulHealth;
    readonly stopHealing: () => Promise<void>;
  };

/** Somebody looks at it at once, and not at the next turn of the schedule, in host milliseconds. */
const GIVEN_UP_MS = 50;

/** Makes the functions, and ties to them what they wake themselves. */
export const createDuties = (options: MachineryOptions): Duties => {
  const { timers, onFailure } = options;
  // Reconciliation, health and healing are asked for by the functions that they are made of.
  const settling = createSettling(options, () => reconcile());
  const built = createStateFunctions(options, {
    onUnsettled: settling.soon,
    onFailed: () => health.soon(),
    onDeadLetter: () =>
      void timers.after(GIVEN_UP_MS, () => {
        functions.redriveDeadLetters({}).catch((error: unknown) => {
          onFailure("redrive-dead-letters", error);
        });
      }),
    heal: () => heal(),
  });
  const functions: Functions = built.functions;
  const reconcile = runOnceAtATime(tellReconciling(functions.reconcileOrders, options));
  const healing = createHeal(functions, options);
  const heal = runOnceAtATime(healing.run);
  const health = createWatchfulHealth({
    ...options,
    heal,
    prove: async () => {
      await functions.probePipeline({});
      await heal();
    },
    derive: () => functions.aggregateHealth({}),
  });
  const stopHealing = healing.stop;
  return { ...built, reconcile, heal, stopHealing, deriveHealth: health.derive, settling, health };
};
