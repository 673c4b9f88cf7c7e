import * as z from "zod";
import { commonEnvironment, ResourceName } from "../../shared/runtime/environment.ts";

/** What verify-restore reads from its environment: the backups, the live ledger to compare with. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  TABLES_KEY_ARN: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  LOCKED_BUCKET: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
