import * as z from "zod";
import { commonEnvironment, ResourceName } from "../../shared/runtime/environment.ts";

/** What back-up reads from its environment: the tables, and the locked bucket that takes exports. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE_ARN: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  TELEMETRY_TABLE_ARN: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  LOCKED_BUCKET: ResourceName,
  LOCKED_KEY_ARN: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
