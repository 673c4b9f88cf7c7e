import { hostEnvironment } from "../../shared/adapters/host/environment.ts";
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
import { createLedgerTable, createTelemetryTable } from "../../shared/runtime/aws/tables.ts";
import { connectBroker, connectMarketData } from "../../shared/runtime/aws/vendors.ts";

const environment = parseEnvironment(Env, hostEnvironment());
const settings = settingsOf(environment);

/** The function as Lambda calls it. */
export const handler = createLambdaEntry(async () => {
  const broker = await connectBroker(environment, settings);
  return createHandler(
    {
      ledger: createLedgerTable(environment),
      telemetry: createTelemetryTable(environment),
      broker,
      marketData: await connectMarketData(environment),
      calendar: createExchangeCalendar({ broker }),
      clock: createHostClock(),
      pause: createHostPause(),
      random: createHostRandom(),
      settings,
    },
    createFunctionRuntime("open-cycle", settings, environment),
  );
});
