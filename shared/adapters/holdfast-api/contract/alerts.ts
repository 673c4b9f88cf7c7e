import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/alerts, those that stand first */
export const AlertsBody = z.extend(ModeBody, {
  atMs: z.number(),
  alerts: z.array(
    z.object({
      key: z.string(),
      action: z.string(),
      severity: z.string(),
      summary: z.string(),
      atMs: z.number(),
      runbook: z.string(),
      toldAtMs: z.nullable(z.number()),
      beganAtMs: z.number(),
    }),
  ),
});

/** POST /api/alerts/test */
export const AlertsTestBody = z.extend(ModeBody, {
  key: z.string(),
  isHandedOver: z.boolean(),
  detail: z.string(),
});
