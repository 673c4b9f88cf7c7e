import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

const ChaosEntry = z.object({
  failure: z.string(),
  breaks: z.string(),
  by: z.string(),
  beganAtMs: z.number(),
  endsAtMs: z.number(),
  endedAtMs: z.nullable(z.number()),
});

/** GET /api/chaos */
export const ChaosBody = z.extend(ModeBody, {
  refusal: z.nullable(z.string()),
  failures: z.array(z.object({ failure: z.string(), breaks: z.string(), isOnce: z.boolean() })),
  current: z.nullable(ChaosEntry),
  history: z.array(ChaosEntry),
});

/** POST /api/chaos/inject */
export const ChaosInjectedBody = z.extend(ModeBody, {
  failure: z.string(),
  beganAtMs: z.number(),
  endsAtMs: z.number(),
});

/** POST /api/chaos/clear */
export const ChaosClearedBody = z.extend(ModeBody, { cleared: z.nullable(z.string()) });
