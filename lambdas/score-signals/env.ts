import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What score-signals reads from its environment: ledger, telemetry, queues of intents. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  POLICY_KEY_ARN: ResourceName,
  ORDERS_QUEUE_URL: SecureUrl,
  EXITS_QUEUE_URL: SecureUrl,
  MARKET_DATA_DEAD_LETTER_QUEUE_URL: SecureUrl,
  ARCHIVE_BUCKET: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
