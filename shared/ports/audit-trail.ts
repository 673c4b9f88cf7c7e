import type { AuditEntry, AuditRecord } from "../domain/audit/audit-record.ts";
import type { Result } from "../domain/result.ts";

/** Nothing was recorded, or it is not known whether it was: why, in one sentence. */
export type NotRecorded = { readonly type: "NotRecorded"; readonly detail: string };

/** Records what matters as the next link of the account's chain. */
export type AuditTrail = {
  /** Once it answers with the record, the record is part of the chain for ever. */
  readonly record: (entry: AuditEntry) => Promise<Result<AuditRecord, NotRecorded>>;
};
