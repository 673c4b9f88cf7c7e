import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What reconcile-orders reads from its environment: ledger, telemetry, broker, archive, alerts. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  BROKER_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
