import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What execute-orders reads from its environment: ledger, telemetry, broker, alerts. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  EXITS_QUEUE_URL: SecureUrl,
  ORDERS_DEAD_LETTER_QUEUE_URL: SecureUrl,
  EXITS_DEAD_LETTER_QUEUE_URL: SecureUrl,
  ALERTS_TOPIC_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  BROKER_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
