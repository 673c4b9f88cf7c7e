import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/system/health */
export const HealthBody = z.extend(ModeBody, {
  level: z.string(),
  reason: z.string(),
  atMs: z.number(),
  components: z.array(
    z.object({
      component: z.string(),
      isCritical: z.boolean(),
      level: z.string(),
      reason: z.string(),
      evidenceAtMs: z.nullable(z.number()),
    }),
  ),
});

/** GET /api/system/health, with how it was, newest first */
export const HealthHistoryBody = z.extend(HealthBody, {
  history: z.array(z.object({ atMs: z.number(), level: z.string(), reason: z.string() })),
});

/** GET /api/system/errors/COMPONENT */
export const RecentErrorsBody = z.extend(ModeBody, {
  component: z.string(),
  atMs: z.number(),
  looked: z.number(),
  errors: z.array(
    z.object({ atMs: z.number(), detail: z.string(), fault: z.nullable(z.string()) }),
  ),
});
