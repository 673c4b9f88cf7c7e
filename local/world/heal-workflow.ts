import type { Functions } from "../functions.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import { createWorkflow } from "./run-workflow.ts";
import { tellHealing } from "./tell-healing.ts";

const HEAL = new URL("../../lib/workflows/heal.asl.json", import.meta.url);
/** As the workflow's own wait says, in the world's time. */
const HEAL_WAIT_MS = 75_000;
const HEAL_BACK_OFF_MS = 30_000;

/** What heals in a local world. */
export type HealWorkflow = {
  /** One run; it may take minutes, most of which it waits. */
  readonly run: () => Promise<unknown>;
  /** Waits for the step that is at work and for no other: what is due is found again next time. */
  readonly stop: () => Promise<void>;
};

/** Makes the deployed workflow that heals, which tells what it does. */
export const createHeal = (
  functions: Pick<
    Functions,
    "runDiagnostics" | "probePipeline" | "pollFlow" | "reconcileOrders" | "redriveDeadLetters"
  >,
  options: Pick<MachineryOptions, "tell"> & {
    readonly clock: Pick<MachineryOptions["clock"], "nowMs" | "hostMsUntil">;
  },
): HealWorkflow => {
  const { clock } = options;
  const stopped = new AbortController();
  const atWork = new Set<Promise<unknown>>();
  const watched =
    (step: (event: unknown) => Promise<unknown>) =>
    (event: unknown): Promise<unknown> => {
      const work = step(event).finally(() => void atWork.delete(work));
      atWork.add(work);
      return work;
    };
  const heal = createWorkflow(
    HEAL,
    {
      RunDiagnostics: watched(tellHealing(functions.runDiagnostics, options)),
      ProbePipeline: watched(functions.probePipeline),
      PollFlow: watched(functions.pollFlow),
      ReconcileOrders: watched(functions.reconcileOrders),
      RedriveDeadLetters: watched(functions.redriveDeadLetters),
    },
    {
      LetItWork: clock.hostMsUntil(clock.nowMs() + HEAL_WAIT_MS),
      BackOff: clock.hostMsUntil(clock.nowMs() + HEAL_BACK_OFF_MS),
    },
    stopped.signal,
  );
  return {
    run: () => heal({}),
    stop: async () => {
      stopped.abort();
      await Promise.allSettled(atWork);
    },
  };
};
