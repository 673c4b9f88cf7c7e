import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/timeline */
export const TimelineBody = z.extend(ModeBody, {
  atMs: z.number(),
  level: z.string(),
  sinceMs: z.nullable(z.number()),
  troubles: z.array(
    z.object({
      component: z.string(),
      level: z.string(),
      sinceMs: z.nullable(z.number()),
      reason: z.string(),
      response: z.string(),
    }),
  ),
  healing: z.nullable(z.object({ remedy: z.string(), sinceMs: z.number(), detail: z.string() })),
  recovered: z.nullable(z.object({ atMs: z.number(), tookMs: z.number() })),
  events: z.array(
    z.object({
      atMs: z.number(),
      kind: z.enum(["chaos", "health", "alert", "healing", "vendor"]),
      tone: z.enum(["good", "warn", "bad", "unknown"]),
      title: z.string(),
      detail: z.string(),
    }),
  ),
  missing: z.array(z.string()),
});
