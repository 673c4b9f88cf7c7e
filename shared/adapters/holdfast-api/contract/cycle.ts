import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

const Session = z.object({
  date: z.string(),
  opensAtMs: z.number(),
  closesAtMs: z.number(),
  isHalfDay: z.boolean(),
});

/** GET /api/cycle */
export const CycleBody = z.extend(ModeBody, {
  atMs: z.number(),
  cycle: z.nullable(
    z.object({
      cycleId: z.string(),
      closedAtMs: z.number(),
      outcome: z.string(),
      reason: z.string(),
      dataMode: z.nullable(z.string()),
    }),
  ),
  market: z.object({
    phase: z.string(),
    session: z.nullable(Session),
    nextSession: Session,
  }),
});
