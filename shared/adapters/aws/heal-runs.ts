import type { HealRuns } from "../../ports/heal-runs.ts";
import { serviceFault } from "./service-fault.ts";
import { StartExecutionCommand, type StepFunctionsClient } from "./thin/step-functions.ts";

/** Runs of the heal workflow that is deployed in this Region. */
export const createWorkflowHealRuns = ({
  client,
  workflowArn,
}: {
  readonly client: StepFunctionsClient;
  readonly workflowArn: string;
}): HealRuns => ({
  start: async (name) => {
    try {
      const run = { stateMachineArn: workflowArn, name, input: "{}" };
      await client.send(new StartExecutionCommand(run));
    } catch (error) {
      throw serviceFault("Step Functions", error);
    }
  },
});
