import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createSqsClient } from "../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../shared/adapters/aws/message-queue.ts";
import { connectPolicies } from "../../shared/runtime/aws/signed-configuration.ts";
import { createLedgerTable, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";
import { tracedLedger } from "../../shared/runtime/aws/trace.ts";
import { connectBroker } from "../../shared/runtime/aws/connect-broker.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const region = environment.HOLDFAST_REGION;
  const client = createSqsClient({ region });
  const exitsName = environment.EXITS_QUEUE_URL.split("/").at(-1);
  const exits = createSqsQueue({ client, url: environment.EXITS_QUEUE_URL });
  const deadExits = createSqsQueue({ client, url: environment.EXITS_DEAD_LETTER_QUEUE_URL });
  const deadOrders = createSqsQueue({ client, url: environment.ORDERS_DEAD_LETTER_QUEUE_URL });
  const cellWriter = {
    ledger: tracedLedger(createLedgerTable(environment)),
    telemetry: createTelemetryTable(environment),
    alerts: connectAlerts(environment),
    clock: createHostClock(),
    pause: createHostPause(),
    random: createHostRandom(),
    settings,
  };
  return createHandler(
    {
      ...cellWriter,
      broker: await connectBroker(environment, settings, "exit"),
      configuration: createKeepConfiguration({ ...cellWriter, ...connectPolicies(environment) }),
      deadLettersOf: (queueName) => (queueName === exitsName ? deadExits : deadOrders),
      returnsOf: (queueName) => (queueName === exitsName ? exits : undefined),
    },
    createFunctionRuntime("execute-orders", settings, environment),
  );
});
