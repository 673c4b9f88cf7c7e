import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** POST /api/dead-letters/look, /redrive and /quarantine */
export const DeadLettersBody = z.extend(ModeBody, {
  letters: z.array(
    z.object({
      queue: z.string(),
      id: z.string(),
      about: z.string(),
      verdict: z.enum(["redrive", "wait", "drop", "quarantine"]),
      reason: z.string(),
      redrives: z.number(),
      sentAtMs: z.number(),
    }),
  ),
  isMore: z.boolean(),
});
