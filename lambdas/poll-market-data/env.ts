import * as z from "zod";
import { ResourceName, SecureUrl, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What poll-market-data reads from its environment: vendors, telemetry, archive, queue, topic. */
export const Env = z.object({
  ...commonEnvironment,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  MARKET_DATA_QUEUE_URL: SecureUrl,
  ALERTS_TOPIC_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  VENDOR_KEYS_SECRET_ARN: ResourceName,
  MARKET_DATA_URL: SecureUrl,
  POLYGON_URL: SecureUrl,
  YAHOO_URL: SecureUrl,
  TIINGO_URL: SecureUrl,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
