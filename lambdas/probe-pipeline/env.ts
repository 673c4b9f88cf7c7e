import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What probe-pipeline reads from its environment: no vendor's address or key, and no queue. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
