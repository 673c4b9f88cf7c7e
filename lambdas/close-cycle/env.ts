import * as z from "zod";
import { ResourceName, commonEnvironment } from "../../shared/runtime/environment.ts";

/** What close-cycle reads from its environment: telemetry alone. */
export const Env = z.object({
  ...commonEnvironment,
  TELEMETRY_TABLE: ResourceName,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
