import type { BackupKind } from "../domain/backup/backup-link.ts";

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
  /** Asks for an export; the same wish again is the same export. Returns the store's name for it. */
  readonly start: (wish: ExportWish) => Promise<string>;
  readonly find: (name: string) => Promise<ExportState>;
};
