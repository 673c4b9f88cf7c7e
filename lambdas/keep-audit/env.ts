import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What keep-audit reads from its environment: the ledger, and the locked buckets of its Region. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  LOCKED_BUCKET: ResourceName,
  /** What the other Region's locked bucket is copied into; absent where there is one Region. */
  COPIES_BUCKET: ResourceName.optional(),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
