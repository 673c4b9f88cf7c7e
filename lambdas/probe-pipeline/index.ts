import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createProbeVendors } from "../../shared/adapters/probe/probe-vendors.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { createLedgerTable, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () =>
  createHandler(
    {
      connectVendors: createProbeVendors(),
      ledger: createLedgerTable(environment),
      telemetry: createTelemetryTable(environment),
      clock: createHostClock(),
      settings,
    },
    createFunctionRuntime("probe-pipeline", settings, environment),
  ),
);
