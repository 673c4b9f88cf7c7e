import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createAuditHeads, connectAuditRecords } from "../../shared/runtime/aws/audit.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import {
  createLedgerTable,
  createOrderSeals,
  createTelemetryTable,
} from "../../shared/runtime/aws/tables.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  return createHandler(
    {
      ledger: createLedgerTable(environment),
      heads: createAuditHeads(environment),
      seals: createOrderSeals(environment),
      records: connectAuditRecords(environment, settings),
      telemetry: createTelemetryTable(environment),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      pause: createHostPause(),
      random: createHostRandom(),
      digest: sha256,
      settings,
    },
    createFunctionRuntime("keep-audit", settings, environment),
  );
});
