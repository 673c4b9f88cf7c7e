import * as z from "zod";
import { accountEnvironment } from "../../shared/runtime/environment.ts";

/** What reconcile-orders reads from its environment: ledger, telemetry, broker, archive, alerts. */
export const Env = z.object({
  ...accountEnvironment,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
