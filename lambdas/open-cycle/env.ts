import * as z from "zod";
import {
  RegionText,
  ResourceName,
  SecureUrl,
  commonEnvironment,
} from "../../shared/runtime/environment.ts";

/** What open-cycle reads from its environment: the ledger, what was signed, the broker's clock. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  /** The one Region that may open an account that is new. */
  OPENS_IN: RegionText,
  POLICY_KEY_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  BROKER_URL: SecureUrl,
  MARKET_DATA_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
