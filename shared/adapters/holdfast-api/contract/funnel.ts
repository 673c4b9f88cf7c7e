import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/funnel */
export const FunnelBody = z.extend(ModeBody, {
  sessionDate: z.string(),
  stages: z.array(
    z.object({
      stage: z.string(),
      passed: z.number(),
      stopped: z.array(z.object({ reason: z.string(), count: z.number() })),
    }),
  ),
  sentences: z.array(z.string()),
  nearest: z.array(
    z.object({
      symbol: z.string(),
      score: z.number(),
      threshold: z.number(),
      direction: z.string(),
      reasons: z.array(z.string()),
    }),
  ),
  threshold: z.number(),
  expectation: z.object({
    verdict: z.enum(["normal", "quiet", "abnormal", "unknown"]),
    observed: z.number(),
    expected: z.number(),
  }),
  distribution: z.object({
    bins: z.array(z.number()),
    drift: z.nullable(z.number()),
    verdict: z.string(),
  }),
});
