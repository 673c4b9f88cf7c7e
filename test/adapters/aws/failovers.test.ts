import { describe, expect, it } from "vitest";
import { createStepFunctionsClient } from "../../../shared/adapters/aws/clients.ts";
import { createWorkflowFailovers } from "../../../shared/adapters/aws/failovers.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { startScriptedService, type Step } from "./scripted-service.ts";

const WISH = { to: "us-west-2", reason: "A test.", by: "alice", isPlanned: true };
const workflowArn = "arn:aws:states:us-west-2:123456789012:stateMachine:failover";

const start = async (...steps: readonly Step[]) => {
  const service = await startScriptedService(steps);
  const client = createStepFunctionsClient(service.settings);
  try {
    await createWorkflowFailovers({ client, workflowArn }).start("main-1-a", WISH);
  } finally {
    client.destroy();
  }
  return service.requests();
};

describe("failovers as a workflow's executions", () => {
  it("start one under its name, with the wish as its input", async () => {
    const requests = await start({ status: 200, body: { executionArn: "arn", startDate: 1 } });
    expect(requests).toEqual([
      { stateMachineArn: workflowArn, name: "main-1-a", input: JSON.stringify({ wish: WISH }) },
    ]);
  });

  it("are not known to have begun when the service does not answer", async () => {
    await expect(start("cut", "cut")).rejects.toThrow(RetryableError);
  });
});
