import type * as z from "zod";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHostPause } from "../../adapters/host/pause.ts";
import { createHostRandom } from "../../adapters/host/random.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Random } from "../../ports/random.ts";
import type { ReconcileOrdersDeps } from "../../use-cases/reconcile-orders.ts";
import type { accountEnvironment } from "../environment.ts";
import { connectAlerts } from "./alerts.ts";
import { connectArchive } from "./archive.ts";
import { createLedgerTable, createTelemetryTable } from "./tables.ts";
import { connectBroker } from "./connect-broker.ts";

/** The environment of a function that holds an account's ledger against its broker. */
type AccountEnvironment = z.infer<z.ZodObject<typeof accountEnvironment>>;

/** An account's ledger and its broker, and what reconciling the two takes besides. */
export const connectAccount = async (
  environment: AccountEnvironment,
  settings: Settings,
): Promise<ReconcileOrdersDeps & { readonly random: Random }> => ({
  ledger: createLedgerTable(environment),
  telemetry: createTelemetryTable(environment),
  archive: connectArchive(environment),
  broker: await connectBroker(environment, settings),
  alerts: connectAlerts(environment),
  clock: createHostClock(),
  pause: createHostPause(),
  random: createHostRandom(),
  settings,
});
