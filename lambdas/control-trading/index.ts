import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { connectChaosDesk } from "../../shared/runtime/aws/chaos.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createWorkflowHealRuns } from "../../shared/adapters/aws/heal-runs.ts";
import { createWorkflowFailovers } from "../../shared/adapters/aws/failovers.ts";
import { createSqsClient, createStepFunctionsClient } from "../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../shared/adapters/aws/message-queue.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import {
  createHealingTable,
  createLedgerTable,
  createTelemetryTable,
} from "../../shared/runtime/aws/tables.ts";
import { connectBroker } from "../../shared/runtime/aws/vendors.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const region = environment.HOLDFAST_REGION;
  const workflowArn = environment.FAILOVER_WORKFLOW_ARN;
  return createHandler(
    {
      ledger: createLedgerTable(environment),
      telemetry: createTelemetryTable(environment),
      archive: connectArchive(environment),
      exits: createSqsQueue({
        client: createSqsClient({ region }),
        url: environment.EXITS_QUEUE_URL,
      }),
      broker: await connectBroker(environment, settings),
      alerts: connectAlerts(environment),
      chaos: connectChaosDesk(environment),
      clock: createHostClock(),
      pause: createHostPause(),
      random: createHostRandom(),
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
      settings,
    },
    createFunctionRuntime("control-trading", settings, environment),
  );
});
