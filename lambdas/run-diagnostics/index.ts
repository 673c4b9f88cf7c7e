import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { connectDeadLetterCount } from "../../shared/runtime/aws/dead-letters.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { connectPolicies } from "../../shared/runtime/aws/signed-configuration.ts";
import {
  createBreakerTable,
  createHealingTable,
  createLedgerTable,
  createTelemetryTable,
} from "../../shared/runtime/aws/tables.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { createAuditedHealing } from "../../shared/use-cases/audit/audited-healing.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const cellWriter = {
    ledger: createLedgerTable(environment),
    telemetry: createTelemetryTable(environment),
    alerts: connectAlerts(environment),
    clock: createHostClock(),
    pause: createHostPause(),
    random: createHostRandom(),
    audit: createAuditTrail(environment, settings),
    settings,
  };
  return createHandler(
    {
      ...cellWriter,
      configuration: createKeepConfiguration({ ...cellWriter, ...connectPolicies(environment) }),
      countDeadLetters: connectDeadLetterCount(environment),
      healing: createAuditedHealing(createHealingTable(environment), cellWriter),
      breakers: createBreakerTable(environment),
    },
    createFunctionRuntime("run-diagnostics", settings, environment),
  );
});
