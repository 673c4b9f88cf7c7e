import * as z from "zod";
import { accountEnvironment } from "../../shared/runtime/environment.ts";

/** What fail-over reads from its environment: what reconciling needs. */
export const Env = z.object({
  ...accountEnvironment,
});

/** What the stack writes for it. */
export type EnvInput = z.input<typeof Env>;
