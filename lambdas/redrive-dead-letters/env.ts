import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What redrive-dead-letters reads from its environment: queues with their dead letters, ledger. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  MARKET_DATA_QUEUE_URL: SecureUrl,
  ORDERS_QUEUE_URL: SecureUrl,
  EXITS_QUEUE_URL: SecureUrl,
  MARKET_DATA_DEAD_LETTER_QUEUE_URL: SecureUrl,
  ORDERS_DEAD_LETTER_QUEUE_URL: SecureUrl,
  EXITS_DEAD_LETTER_QUEUE_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
