import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What serve-api reads from its environment: ledger, telemetry and reports, for reading. */
export const Env = z.object({
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  LOCKED_BUCKET: ResourceName,
  /** What the other Region's locked bucket is copied into; absent where there is one Region. */
  COPIES_BUCKET: ResourceName.optional(),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
