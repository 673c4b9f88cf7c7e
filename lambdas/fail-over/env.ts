import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What fail-over reads from its environment: what reconciling needs. */
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
