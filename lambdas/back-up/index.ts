import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import {
  connectArchiveExports,
  connectTableExports,
  createBackupRecordTable,
} from "../../shared/runtime/aws/backups.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandlers } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it: for the schedule, and for the operator's API. */
export const handler = createLambdaEntry<APIGatewayProxyEventV2 | object, unknown>(async () => {
  const { look, answer } = createHandlers(
    {
      ...connectTableExports(environment),
      archived: connectArchiveExports(environment),
      digest: sha256,
      records: createBackupRecordTable(environment),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      settings,
    },
    createFunctionRuntime("back-up", settings, environment),
  );
  return (event, context) => ("rawPath" in event ? answer(event, context) : look(event, context));
});
