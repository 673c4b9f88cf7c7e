import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What run-diagnostics reads from its environment: the ledger, telemetry, and whom to tell. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
