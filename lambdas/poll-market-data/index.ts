import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createRepairs } from "../../shared/use-cases/healing/read-repairs.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createSqsClient } from "../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../shared/adapters/aws/message-queue.ts";
import { createReferencingSender } from "../../shared/adapters/stored/body-by-reference.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { createRecordTicks } from "../../shared/use-cases/record-ticks.ts";
import {
  createHealingTable,
  createTelemetryTable,
  createTickTable,
} from "../../shared/runtime/aws/tables.ts";
import { connectAllMarketData } from "../../shared/runtime/aws/all-market-data.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const region = environment.HOLDFAST_REGION;
  const client = createSqsClient({ region });
  const archive = connectArchive(environment);
  const queue = createSqsQueue({ client, url: environment.MARKET_DATA_QUEUE_URL });
  const messages = createReferencingSender(queue, archive);
  const telemetry = createTelemetryTable(environment);
  const alerts = connectAlerts(environment);
  const marketData = await connectAllMarketData(environment, { settings, telemetry, alerts });
  return createHandler(
    {
      marketData,
      resetConnections: marketData.resetConnections,
      repairs: createRepairs({
        healing: createHealingTable(environment),
        clock: createHostClock(),
      }),
      telemetry,
      messages,
      recorder: settings.recordTicks
        ? createRecordTicks({ ticks: createTickTable(environment), archive, region })
        : undefined,
      clock: createHostClock(),
      settings,
    },
    createFunctionRuntime("poll-market-data", settings, environment),
  );
});
