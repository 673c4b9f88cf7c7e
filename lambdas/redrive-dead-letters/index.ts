import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandlers } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { connectDeadLetters } from "../../shared/runtime/aws/dead-letters.ts";
import {
  createLedgerTable,
  createTelemetryTable,
  createTickTable,
} from "../../shared/runtime/aws/tables.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it: for the schedule, and for the operator's API. */
export const handler = createLambdaEntry<APIGatewayProxyEventV2 | object, unknown>(async () => {
  const { tend, answer } = createHandlers(
    {
      doors: connectDeadLetters(environment),
      ledger: createLedgerTable(environment),
      telemetry: createTelemetryTable(environment),
      ticks: createTickTable(environment),
      archive: connectArchive(environment),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      audit: createAuditTrail(environment, settings),
      settings,
    },
    createFunctionRuntime("redrive-dead-letters", settings, environment),
  );
  return (event, context) => ("rawPath" in event ? answer(event, context) : tend(event, context));
});
