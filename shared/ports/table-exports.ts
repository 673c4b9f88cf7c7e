import type { BackupKind } from "../domain/backup/backup-link.ts";
import type { Result } from "../domain/result.ts";

/** What to export; the window is that of a link. */
export type ExportWish = {
  readonly kind: BackupKind;
  readonly fromMs: number;
  readonly toMs: number;
};

/** An export that was asked for. */
export type ExportState =
  | { readonly type: "running" }
  | { readonly type: "completed"; readonly exportId: string; readonly manifestKey: string }
  | { readonly type: "failed"; readonly detail: string };

/** Has the store write exports of a table. Throws `RetryableError`. */
export type TableExports = {
  /** Names the very table: one that was restored, or begun anew, has another name. */
  readonly tableId: () => Promise<string>;
  /**
   * Asks for an export; the same wish in the same attempt, counted from 0, is the same export.
   * Returns the store's name for it, or in one sentence why its history does not reach back so far.
   */
  readonly start: (
    wish: ExportWish,
    attempt: number,
  ) => Promise<Result<string, { readonly detail: string }>>;
  readonly find: (name: string) => Promise<ExportState>;
};
