import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createSqsClient } from "../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../shared/adapters/aws/message-queue.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { connectPolicies } from "../../shared/runtime/aws/signed-configuration.ts";
import { secureEntries } from "../../shared/use-cases/secure-entries.ts";
import { createLedgerTable, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const client = createSqsClient({ region: environment.HOLDFAST_REGION });
  const orders = createSqsQueue({ client, url: environment.ORDERS_QUEUE_URL });
  const exits = createSqsQueue({ client, url: environment.EXITS_QUEUE_URL });
  const deadLetters = createSqsQueue({
    client,
    url: environment.MARKET_DATA_DEAD_LETTER_QUEUE_URL,
  });
  const telemetry = createTelemetryTable(environment);
  const clock = createHostClock();
  const secured = { ...connectPolicies(environment), telemetry, clock, settings };
  return createHandler(
    {
      ledger: createLedgerTable(environment),
      telemetry,
      orders: secureEntries(orders, secured),
      exits,
      deadLetters,
      archive: connectArchive(environment),
      clock,
      settings,
    },
    createFunctionRuntime("score-signals", settings, environment),
  );
});
