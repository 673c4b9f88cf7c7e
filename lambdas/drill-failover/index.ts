import { createFaultExperiments } from "../../shared/adapters/aws/experiments.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import { createStoredDrillManifests } from "../../shared/adapters/stored/drill-manifests.ts";
import { createStoredFailoverReports } from "../../shared/adapters/stored/failover-reports.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import {
  createLeases,
  createLedgerTable,
  createTelemetryItems,
  createTelemetryTable,
} from "../../shared/runtime/aws/tables.ts";
import { connectBroker } from "../../shared/runtime/aws/connect-broker.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const clock = createHostClock();
  const archive = connectArchive(environment);
  const peerRegion = environment.PEER_REGION;
  return createHandler(
    {
      peerRegion,
      experiments: createFaultExperiments({
        http: createHttpClient({ clock }),
        clock,
        region: peerRegion,
        mode: settings.mode,
      }),
      manifests: createStoredDrillManifests(archive),
      reports: createStoredFailoverReports(archive),
      ledger: createLedgerTable(environment),
      leases: createLeases(environment),
      telemetry: createTelemetryTable(environment),
      peerTelemetry: createStoredTelemetry(createTelemetryItems(environment), {
        region: peerRegion,
      }),
      broker: await connectBroker(environment, settings),
      alerts: connectAlerts(environment),
      audit: createAuditTrail(environment, settings),
      clock,
      settings,
    },
    createFunctionRuntime("drill-failover", settings, environment),
  );
});
