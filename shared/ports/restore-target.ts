import type { TableChange } from "../domain/backup/table-item.ts";
import type { Result } from "../domain/result.ts";
import type { AuditHeads } from "./audit-heads.ts";
import type { Ledger } from "./ledger.ts";

/** What a rebuilt table holds. */
export type RestoredTable = { readonly ledger: Ledger; readonly heads: AuditHeads };

/**
 * A new table into which a backup is rebuilt. It never is one that is in use: it is made here, or
 * refused where its name is taken. Throws `RetryableError`.
 */
export type RestoreTarget = {
  readonly name: string;
  /** Makes the table, empty; one sentence says why not. */
  readonly create: () => Promise<Result<void, { readonly detail: string }>>;
  /** A cell is laid aside: no table has one in its place before `open`'s ledger saves it. */
  readonly apply: (changes: readonly TableChange[]) => Promise<void>;
  /** Reads what was applied, a cell that lies aside as if it were in its place. */
  readonly open: () => Promise<RestoredTable>;
  /** From now on the table is there under its name. */
  readonly commit: () => Promise<void>;
  /** Takes away what was made; what is not there is gone already. */
  readonly discard: () => Promise<void>;
};
