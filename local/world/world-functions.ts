import { createStoredHealing } from "../../shared/adapters/stored/healing.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import { createLog, type LogSink } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import type { KeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { disturbPorts } from "../chaos/disturb-ports.ts";
import type { LocalChaos } from "../chaos/local-chaos.ts";
import { alarmFunctions } from "./function-alarms.ts";
import type { FunctionPorts } from "../function-ports.ts";
import { createFunctions, type Functions } from "../functions.ts";
import type { LedgerWatch } from "./watch-ledger.ts";
import { createWorldEnvironment } from "./world-environment.ts";
import type { WorldFunctionsOptions } from "./world-functions-options.ts";
import { createWorldPorts } from "./world-ports.ts";
import { openWorldStores } from "./world-stores.ts";

/** Every function on the local world's ports, and the ledger that they write. */
export const createWorldFunctions = (
  options: WorldFunctionsOptions,
): {
  readonly functions: Functions;
  readonly ledger: Ledger;
  readonly signedConfiguration: KeepConfiguration;
  /** Absent where nothing may be broken on purpose. */
  readonly chaos: LocalChaos | undefined;
} => {
  const { clock, settings, watch } = options;
  const stores = openWorldStores(options);
  const { items, telemetry, ledger, signedConfiguration, chaos } = stores;
  const disturbed = (given: FunctionPorts): FunctionPorts =>
    chaos === undefined ? given : disturbPorts({ ...given, chaos: chaos.port }, chaos.control);
  const ports = (): FunctionPorts => disturbed(createWorldPorts(options, stores));
  const healing = createStoredHealing(items, { region: settings.region });
  const functions = createWorldEnvironment({
    build: (tendEnvironment) =>
      createFunctions(ports(), settings, {
        log: createLog("warn", createLogSink(clock, watch)),
        metrics: noMetrics,
        clock,
        tendEnvironment,
      }),
    own: options.own,
    healing,
    telemetry,
    clock,
    onRetire: options.vendorHttp.close,
  });
  // Alarms know no store that a failure could take with it, but keep what they told where they can.
  const alarms = keepAlerts({ alerts: options.alerts, telemetry: ports().telemetry, clock });
  const alarmed = alarmFunctions(functions, {
    alerts: alarms,
    clock,
    settings,
    onFailure: options.onFailure,
    onFailed: watch.onFailed,
  });
  return { functions: alarmed, ledger, signedConfiguration, chaos };
};

/** What goes wrong in a function is told as it is; what goes well is told by what it does. */
const createLogSink =
  (clock: Clock, { tell }: LedgerWatch): LogSink =>
  ({ level, message }) =>
    tell({
      type: "fault",
      atMs: clock.nowMs(),
      isPassing: level !== "error",
      name: "functions",
      detail: message,
    });
