import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

const LIVE_HOST = "api.alpaca.markets";

/** What execute-orders reads from its environment: ledger, telemetry, broker, alerts. */
export const Env = z
  .object({
    ...commonEnvironment,
    LEDGER_TABLE: ResourceName,
    TELEMETRY_TABLE: ResourceName,
    POLICY_KEY_ARN: ResourceName,
    EXITS_QUEUE_URL: SecureUrl,
    ORDERS_DEAD_LETTER_QUEUE_URL: SecureUrl,
    EXITS_DEAD_LETTER_QUEUE_URL: SecureUrl,
    ALERTS_TOPIC_ARN: ResourceName,
    BROKER_SECRET_ARN: ResourceName,
    BROKER_URL: SecureUrl,
  })
  // Real money takes the mode that says so: no other mode may even reach that host.
  .refine(
    ({ HOLDFAST_MODE, BROKER_URL }) =>
      HOLDFAST_MODE === "live" || new URL(BROKER_URL).host !== LIVE_HOST,
    { path: ["BROKER_URL"] },
  );

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
