import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** POST /api/backups/now */
export const BackupBody = z.extend(ModeBody, {
  state: z.enum(["linked", "running", "waiting", "failed", "broken"]),
  detail: z.string(),
  linkNumber: z.nullable(z.number()),
});
