import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What watch-drills reads from its environment: nothing that a drill itself needs to live. */
export const Env = z.object({
  ...commonEnvironment,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  /** The Region whose faults are ended. */
  PEER_REGION: z.string().min(1).max(32),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
