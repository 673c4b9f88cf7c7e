import * as z from "zod/mini";
import { ModeBody } from "./answer.ts";

/** GET /api/audit */
export const AuditBody = z.extend(ModeBody, {
  account: z.string(),
  headSequence: z.number(),
  records: z.array(
    z.object({
      sequence: z.number(),
      atMs: z.number(),
      region: z.string(),
      epoch: z.number(),
      actor: z.string(),
      kind: z.string(),
      body: z.record(z.string(), z.unknown()),
      previousHash: z.string(),
      hash: z.string(),
    }),
  ),
});

/** GET /api/audit/verification */
export const AuditVerificationBody = z.extend(ModeBody, {
  account: z.string(),
  position: z.object({ sequence: z.number(), hash: z.nullable(z.string()) }),
  headSequence: z.number(),
  isWhole: z.boolean(),
  checkpoints: z.number(),
  restores: z.array(z.number()),
  flaws: z.array(
    z.looseObject({
      type: z.string(),
      sequence: z.number(),
      sentence: z.string(),
      sealedAtMs: z.optional(z.number()),
    }),
  ),
});
