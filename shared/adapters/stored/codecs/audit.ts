import * as z from "zod";
import type { AuditHead } from "../../../domain/audit/audit-head.ts";
import type { AuditBody, AuditRecord, AuditValue } from "../../../domain/audit/audit-record.ts";
import type { AuditCheckpoint } from "../../../domain/audit/checkpoint.ts";
import { EpochMsCodec } from "./primitives.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

const Value: z.ZodType<AuditValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.int(),
    z.boolean(),
    z.null(),
    z.array(Value),
    z.record(z.string(), Value),
  ]),
);

const Body: z.ZodType<AuditBody> = z.record(z.string(), Value);

/** Reads a record of the audit as it was stored; kinds that are not known are left as they are. */
export const AuditRecordCodec: z.ZodType<AuditRecord> = z.strictObject({
  schemaVersion: z.literal(1),
  account: z.string().min(1),
  sequence: z.int().min(1),
  previousHash: Hash,
  atMs: EpochMsCodec,
  region: z.string().min(1),
  epoch: z.int().min(0),
  actor: z.string(),
  kind: z.string().min(1),
  body: Body,
  hash: Hash,
});

/** Reads the end of an account's chain. */
export const AuditHeadCodec: z.ZodType<AuditHead> = z.strictObject({
  account: z.string().min(1),
  version: z.int().min(1),
  tail: z.array(AuditRecordCodec).min(1),
  kept: z.record(z.string(), z.int().min(0)),
  sealing: z
    .strictObject({
      session: z.string(),
      minute: z.string(),
      known: z.record(z.string(), z.int().min(1)),
      cell: z.string(),
    })
    .nullable(),
});

/** Reads a checkpoint of the audit. */
export const AuditCheckpointCodec: z.ZodType<AuditCheckpoint> = z.strictObject({
  schemaVersion: z.literal(1),
  account: z.string().min(1),
  sequence: z.int().min(1),
  hash: Hash,
  atMs: EpochMsCodec,
  region: z.string().min(1),
});
