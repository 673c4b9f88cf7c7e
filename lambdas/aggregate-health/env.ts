import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What aggregate-health reads from its environment: telemetry and alerts. */
export const Env = z.object({
  ...commonEnvironment,
  TELEMETRY_TABLE: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
