import * as z from "zod";
import { ResourceName, SecureUrl, accountEnvironment } from "../../shared/runtime/environment.ts";

/**
 * What control-trading reads from its environment: what reconciling needs, and the exits' queue.
 */
export const Env = z.object({
  ...accountEnvironment,
  EXITS_QUEUE_URL: SecureUrl,
  HEAL_WORKFLOW_ARN: ResourceName,
  /** Absent where there is one Region. */
  FAILOVER_WORKFLOW_ARN: ResourceName.optional(),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
