import type { AuditHead } from "../domain/audit/audit-head.ts";
import type { Result } from "../domain/result.ts";
import type { LedgerFault } from "./ledger.ts";

/** Somebody else has written the head since it was read. */
export type HeadMoved = { readonly type: "HeadMoved"; readonly current: AuditHead | undefined };

/**
 * The end of each account's audit chain, in the ledger: strongly consistent, one item an account.
 */
export type AuditHeads = {
  /** `undefined` where nothing was ever recorded. */
  readonly load: (account: string) => Promise<Result<AuditHead | undefined, LedgerFault>>;
  /**
   * One conditional write: only over the version before `next`, or where nothing is for version 1.
   */
  readonly save: (
    next: AuditHead,
    before: AuditHead | undefined,
  ) => Promise<Result<void, LedgerFault | HeadMoved>>;
  /** Writes a head over whatever stands there: for a restored ledger, or a damaged head. */
  readonly replace: (next: AuditHead) => Promise<Result<void, LedgerFault>>;
};
