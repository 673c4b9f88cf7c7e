import { createFaultExperiments } from "../../shared/adapters/aws/experiments.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createHttpClient } from "../../shared/adapters/http/http-client.ts";
import { createStoredDrillManifests } from "../../shared/adapters/stored/drill-manifests.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { connectArchive } from "../../shared/runtime/aws/archive.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const clock = createHostClock();
  return createHandler(
    {
      experiments: createFaultExperiments({
        http: createHttpClient({ clock }),
        clock,
        region: environment.PEER_REGION,
        mode: settings.mode,
      }),
      manifests: createStoredDrillManifests(connectArchive(environment)),
      alerts: connectAlerts(environment),
      clock,
      settings,
    },
    createFunctionRuntime("watch-drills", settings, environment),
  );
});
