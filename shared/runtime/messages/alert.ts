import * as z from "zod";
import type { Alert } from "../../ports/alerts.ts";

/** An alert as the alerts topic carries it. */
export const AlertMessage: z.ZodType<Alert> = z.strictObject({
  key: z.string().min(1).max(255),
  action: z.enum(["trigger", "resolve"]),
  severity: z.enum(["critical", "error", "warning", "info"]),
  summary: z.string().min(1).max(1_024),
  component: z.string().min(1).max(64),
  mode: z.string().min(1).max(16),
  atMs: z.number().min(0),
  runbook: z.string().max(512),
});
