import * as z from "zod";
import {
  RegionText,
  ResourceName,
  SecureUrl,
  commonEnvironment,
} from "../../shared/runtime/environment.ts";

/** What aggregate-health reads from its environment: telemetry and alerts. */
export const Env = z.object({
  ...commonEnvironment,
  TELEMETRY_TABLE: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  /** The other Region; absent where there is one. */
  PEER_REGION: RegionText.exactOptional(),
  /** Told each minute that all is well enough; absent where nobody outside listens. */
  MONITOR_URL: SecureUrl.exactOptional(),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
