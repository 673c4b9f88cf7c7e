import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What drill-failover reads from its environment: whom it strikes, and what it scores from. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  BROKER_URL: SecureUrl,
  /** The Region that is struck. */
  PEER_REGION: z.string().min(1).max(32),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
