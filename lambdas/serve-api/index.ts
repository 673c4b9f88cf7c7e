import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectChaosDesk } from "../../shared/runtime/aws/chaos.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createStoredFailoverReports } from "../../shared/adapters/stored/failover-reports.ts";
import { connectAuditRecords, createAuditHeads } from "../../shared/runtime/aws/audit.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import {
  createBreakerTable,
  createHealingTable,
  createLeases,
  createLedgerTable,
  createOrderSeals,
  createTelemetryTable,
} from "../../shared/runtime/aws/tables.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  return createHandler(
    {
      ledger: createLedgerTable(environment),
      leases: createLeases(environment),
      telemetry: createTelemetryTable(environment),
      breakers: createBreakerTable(environment),
      healing: createHealingTable(environment),
      chaos: connectChaosDesk(environment),
      drills: createStoredFailoverReports(connectArchive(environment)),
      auditing: {
        heads: createAuditHeads(environment),
        seals: createOrderSeals(environment),
        records: connectAuditRecords(environment, settings),
      },
      clock: createHostClock(),
      digest: sha256,
      settings,
    },
    createFunctionRuntime("serve-api", settings, environment),
  );
});
