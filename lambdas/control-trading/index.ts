import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { connectChaosDesk } from "../../shared/runtime/aws/chaos.ts";
import { connectAccount } from "../../shared/runtime/aws/account.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createWorkflowHealRuns } from "../../shared/adapters/aws/heal-runs.ts";
import { createWorkflowFailovers } from "../../shared/adapters/aws/failovers.ts";
import { createSqsClient, createStepFunctionsClient } from "../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../shared/adapters/aws/message-queue.ts";
import { createHealingTable } from "../../shared/runtime/aws/tables.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const region = environment.HOLDFAST_REGION;
  const workflowArn = environment.FAILOVER_WORKFLOW_ARN;
  return createHandler(
    {
      ...(await connectAccount(environment, settings)),
      exits: createSqsQueue({
        client: createSqsClient({ region }),
        url: environment.EXITS_QUEUE_URL,
      }),
      chaos: connectChaosDesk(environment),
      digest: sha256,
      healing: createHealingTable(environment),
      healRuns: createWorkflowHealRuns({
        client: createStepFunctionsClient({ region }),
        workflowArn: environment.HEAL_WORKFLOW_ARN,
      }),
      failovers:
        workflowArn === undefined
          ? undefined
          : createWorkflowFailovers({ client: createStepFunctionsClient({ region }), workflowArn }),
      audit: createAuditTrail(environment, settings),
    },
    createFunctionRuntime("control-trading", settings, environment),
  );
});
