import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/scores */
export const ScoresBody = z.extend(ModeBody, {
  scores: z.array(
    z.object({
      symbol: z.string(),
      atMs: z.number(),
      score: z.number(),
      direction: z.string(),
      freshness: z.number(),
      components: z.array(z.object({ name: z.string(), value: z.number() })),
      missing: z.array(z.string()),
      gateReasons: z.array(z.string()),
      outcome: z.string(),
      basis: z.optional(z.string()),
    }),
  ),
});
