import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import {
  createLeases,
  createLedgerTable,
  createTelemetryTable,
} from "../../shared/runtime/aws/tables.ts";
import { LEASE_POLICY } from "../../shared/domain/failover/lease.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { connectBroker } from "../../shared/runtime/aws/vendors.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  return createHandler(
    {
      ledger: createLedgerTable(environment),
      leases: createLeases(environment),
      policy: LEASE_POLICY,
      isAutomatic: environment.FAILOVER_AUTOMATIC === "true",
      telemetry: createTelemetryTable(environment),
      archive: connectArchive(environment),
      broker: await connectBroker(environment, settings),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      pause: createHostPause(),
      random: createHostRandom(),
      audit: createAuditTrail(environment, settings),
      settings,
    },
    createFunctionRuntime("keep-lease", settings, environment),
  );
});
