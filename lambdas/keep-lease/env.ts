import * as z from "zod";
import { accountEnvironment } from "../../shared/runtime/environment.ts";

/** What keep-lease reads from its environment: what reconciling needs, and who decides. */
export const Env = z.object({
  ...accountEnvironment,
  /** Whether a dead Region is replaced without a person. */
  FAILOVER_AUTOMATIC: z.enum(["true", "false"]),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
