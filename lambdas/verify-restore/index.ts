import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { connectAuditRecords } from "../../shared/runtime/aws/audit.ts";
import {
  connectBackups,
  createBackupRecordTable,
  createTestTables,
} from "../../shared/runtime/aws/backups.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { createLedgerTable } from "../../shared/runtime/aws/tables.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const { backups, files } = connectBackups(environment);
  return createHandler(
    {
      backups,
      reports: files,
      digest: sha256,
      targetOf: createTestTables(environment),
      live: createLedgerTable(environment),
      auditRecords: connectAuditRecords(environment, settings),
      records: createBackupRecordTable(environment),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      settings,
    },
    createFunctionRuntime("verify-restore", settings, environment),
  );
});
