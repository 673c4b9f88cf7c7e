import type { AuditRecord } from "../domain/audit/audit-record.ts";
import type { AuditCheckpoint } from "../domain/audit/checkpoint.ts";
import type { Result } from "../domain/result.ts";

/** What came of keeping a record: `taken` where another one stands under its number. */
export type RecordKept =
  | { readonly type: "kept" }
  | { readonly type: "taken"; readonly hash: string };

/**
 * An account's records and checkpoints in locked stores: this Region's, which is written, and the
 * copies of the other one's, which are read. Throws `RetryableError`.
 */
export type AuditRecords = {
  /** Stores a record in this Region; one that is there already is kept. */
  readonly keep: (record: AuditRecord) => Promise<RecordKept>;
  /** The record as each store has it that has one: usually the same once or twice. */
  readonly read: (sequence: number) => Promise<readonly Result<AuditRecord, string>[]>;
  /** Numbers of stored records above this one, ascending, at most 1,000. */
  readonly numbersAfter: (sequence: number) => Promise<readonly number[]>;
  /** Stores a checkpoint of this Region; one for the same record is kept. */
  readonly keepCheckpoint: (checkpoint: AuditCheckpoint) => Promise<void>;
  /** The number of this Region's newest checkpoint; undefined before the first. */
  readonly newestCheckpoint: (region: string) => Promise<AuditCheckpoint | undefined>;
  /** Checkpoints about records above this one, of every Region; what cannot be read is an error. */
  readonly checkpointsAfter: (
    sequence: number,
  ) => Promise<readonly Result<AuditCheckpoint, string>[]>;
};
