import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import { createHttpMonitor } from "../../shared/adapters/monitor/http-monitor.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import type { Monitor } from "../../shared/ports/monitor.ts";
import { createTelemetryItems, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const { PEER_REGION, MONITOR_URL } = environment;
  return createHandler(
    {
      telemetry: createTelemetryTable(environment),
      alerts: connectAlerts(environment),
      clock: createHostClock(),
      peer: PEER_REGION === undefined ? undefined : peerOf(PEER_REGION),
      monitor: MONITOR_URL === undefined ? undefined : monitorAt(MONITOR_URL),
      settings,
    },
    createFunctionRuntime("aggregate-health", settings, environment),
  );
});

/** The other Region's telemetry, as its replica here has it. */
const peerOf = (region: string) => ({
  region,
  telemetry: createStoredTelemetry(createTelemetryItems(environment), { region }),
});

const monitorAt = (url: string): Monitor =>
  createHttpMonitor({ http: createHttpClient({ clock: createHostClock() }), url });
