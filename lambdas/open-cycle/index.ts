import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
import { createAuditTrail } from "../../shared/runtime/aws/audit.ts";
import { createFunctionRuntime } from "../../shared/runtime/aws/function-runtime.ts";
import { createLambdaEntry } from "../../shared/runtime/aws/lambda-entry.ts";
import { parseEnvironment } from "../../shared/runtime/environment.ts";
import { settingsOf } from "../../shared/runtime/function-settings.ts";
import { Env } from "./env.ts";
import { createHandler } from "./handler.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { connectAlerts } from "../../shared/runtime/aws/alerts.ts";
import { connectPolicies } from "../../shared/runtime/aws/signed-configuration.ts";
import { createLedgerTable, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";
import { connectBroker, connectMarketData } from "../../shared/runtime/aws/connect-broker.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const broker = await connectBroker(environment, settings);
  const cellWriter = {
    ledger: createLedgerTable(environment),
    telemetry: createTelemetryTable(environment),
    clock: createHostClock(),
    pause: createHostPause(),
    random: createHostRandom(),
    settings,
  };
  return createHandler(
    {
      ...cellWriter,
      opensIn: environment.OPENS_IN,
      configuration: createKeepConfiguration({
        ...cellWriter,
        ...connectPolicies(environment),
        alerts: connectAlerts(environment),
        audit: createAuditTrail(environment, settings),
      }),
      broker,
      marketData: await connectMarketData(environment),
      calendar: createExchangeCalendar({ broker }),
    },
    createFunctionRuntime("open-cycle", settings, environment),
  );
});
