import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What run-diagnostics reads from its environment: ledger, telemetry, dead letters, alerts. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  POLICY_KEY_ARN: ResourceName,
  MARKET_DATA_DEAD_LETTER_QUEUE_URL: SecureUrl,
  ORDERS_DEAD_LETTER_QUEUE_URL: SecureUrl,
  EXITS_DEAD_LETTER_QUEUE_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
