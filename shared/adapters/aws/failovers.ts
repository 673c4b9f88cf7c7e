import type { Failovers } from "../../ports/failovers.ts";
import { serviceFault } from "./service-fault.ts";
import { StartExecutionCommand, type StepFunctionsClient } from "./thin/step-functions.ts";

/** Failovers as executions of the workflow that is deployed in this Region. */
export const createWorkflowFailovers = ({
  client,
  workflowArn,
}: {
  readonly client: StepFunctionsClient;
  readonly workflowArn: string;
}): Failovers => ({
  start: async (name, wish) => {
    const input = JSON.stringify({ wish });
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn: workflowArn, name, input }));
    } catch (error) {
      throw serviceFault("Step Functions", error);
    }
  },
});
