import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What control-trading reads from its environment: what reconciling needs, and the exits' queue. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  EXITS_QUEUE_URL: SecureUrl,
  ALERTS_TOPIC_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  BROKER_URL: SecureUrl,
  HEAL_WORKFLOW_ARN: ResourceName,
  /** Absent where there is one Region. */
  FAILOVER_WORKFLOW_ARN: ResourceName.optional(),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
