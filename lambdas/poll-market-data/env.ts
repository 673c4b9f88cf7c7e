import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What poll-market-data reads from its environment: vendor, telemetry, archive, queue. */
export const Env = z.object({
  ...commonEnvironment,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  MARKET_DATA_QUEUE_URL: SecureUrl,
  BROKER_SECRET_ARN: ResourceName,
  MARKET_DATA_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
