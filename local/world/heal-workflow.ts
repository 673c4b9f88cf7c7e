import type { Functions } from "../functions.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import { createWorkflow } from "./run-workflow.ts";
import { tellHealing } from "./tell-healing.ts";

const HEAL = new URL("../../lib/workflows/heal.asl.json", import.meta.url);
/** As the workflow's own wait says, in the world's time. */
const HEAL_WAIT_MS = 75_000;
const HEAL_BACK_OFF_MS = 30_000;

/** Makes the deployed workflow that heals, which tells what it does; each call is one run. */
export const createHeal = (
  functions: Functions,
  options: Pick<MachineryOptions, "clock" | "tell">,
): (() => Promise<unknown>) => {
  const { clock } = options;
  const heal = createWorkflow(
    HEAL,
    {
      RunDiagnostics: tellHealing(functions.runDiagnostics, options),
      ProbePipeline: functions.probePipeline,
      PollFlow: functions.pollFlow,
      ReconcileOrders: functions.reconcileOrders,
      RedriveDeadLetters: functions.redriveDeadLetters,
    },
    {
      LetItWork: clock.hostMsUntil(clock.nowMs() + HEAL_WAIT_MS),
      BackOff: clock.hostMsUntil(clock.nowMs() + HEAL_BACK_OFF_MS),
    },
  );
  return () => heal({});
};
