import * as z from "zod";
import { accountEnvironment } from "../../shared/runtime/environment.ts";

/** What drill-failover reads from its environment: whom it strikes, and what it scores from. */
export const Env = z.object({
  ...accountEnvironment,
  /** The Region that is struck. */
  PEER_REGION: z.string().min(1).max(32),
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
