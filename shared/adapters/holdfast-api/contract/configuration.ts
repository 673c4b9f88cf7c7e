import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/configuration; the policy is compared value by value, whatever it has. */
export const ConfigurationBody = z.extend(ModeBody, {
  policy: z.record(z.string(), z.unknown()),
  drift: z.nullable(z.string()),
  isSigned: z.boolean(),
});

/** GET /api/flags */
export const FlagsBody = z.extend(ModeBody, {
  flags: z.array(
    z.object({
      flag: z.string(),
      percent: z.number(),
      rollBack: z.boolean(),
      rolledBack: z.nullable(z.object({ atMs: z.number(), reason: z.string() })),
    }),
  ),
});
