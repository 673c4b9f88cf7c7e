import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/sre/health */
export const SreHealthBody = z.extend(ModeBody, {
  findings: z.array(
    z.object({
      cause: z.string(),
      component: z.string(),
      subject: z.string(),
      detail: z.string(),
    }),
  ),
  treatment: z.object({
    type: z.string(),
    remedy: z.nullable(z.string()),
    reason: z.nullable(z.string()),
  }),
  probe: z.nullable(z.object({ atMs: z.number(), passed: z.boolean(), detail: z.string() })),
  remedies: z.array(
    z.object({
      atMs: z.number(),
      remedy: z.nullable(z.string()),
      component: z.string(),
      subject: z.string(),
      outcome: z.string(),
      detail: z.string(),
    }),
  ),
  stopped: z.array(z.string()),
});

/** POST /api/sre/health: the run that was started. */
export const HealStartedBody = z.extend(ModeBody, { run: z.string() });

/** POST /api/sre/resume */
export const HealResumedBody = z.extend(ModeBody, { remedy: z.string(), detail: z.string() });
