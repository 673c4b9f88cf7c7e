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
import { createLedgerTable, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { tracedLedger } from "../../shared/runtime/aws/trace.ts";
import { connectBroker } from "../../shared/runtime/aws/vendors.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  return createHandler(
    {
      ledger: tracedLedger(createLedgerTable(environment)),
      telemetry: createTelemetryTable(environment),
      archive: connectArchive(environment),
      broker: await connectBroker(environment, settings),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      pause: createHostPause(),
      random: createHostRandom(),
      settings,
    },
    createFunctionRuntime("reconcile-orders", settings, environment),
  );
});
