import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createTelemetryTable } from "../../shared/runtime/aws/tables.ts";
import { connectPager } from "../../shared/runtime/aws/connect-pager.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const pager = await connectPager(environment);
  return createHandler(
    { pager, telemetry: createTelemetryTable(environment), clock: createHostClock() },
    createFunctionRuntime("notify", settings, environment),
  );
});
