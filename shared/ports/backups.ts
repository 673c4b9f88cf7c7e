import type { BackupFlaw } from "../domain/backup/backup-flaw.ts";
import type { BackupKind, BackupLink } from "../domain/backup/backup-link.ts";
import type { TableChange } from "../domain/backup/table-item.ts";
import type { Result } from "../domain/result.ts";

/** One data file of an export, as its manifest names it. */
export type ExportFile = {
  readonly key: string;
  readonly itemCount: number;
  /** MD5 of the file as it lies there, base64. */
  readonly md5: string;
};

/** An export that is done: what its two manifests say. */
export type ExportContent = {
  readonly kind: BackupKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly itemCount: number;
  /** SHA-256 of the summary and of the list of files, in hexadecimal. */
  readonly summaryDigest: string;
  readonly filesDigest: string;
  readonly files: readonly ExportFile[];
};

/** The exports of one table, and the chain that orders them. Throws `RetryableError`. */
export type Backups = {
  readonly table: string;
  /** The numbers of all links, ascending. */
  readonly listLinks: () => Promise<readonly number[]>;
  readonly readLink: (number: number) => Promise<Result<BackupLink, BackupFlaw>>;
  /** Whether the link now stands under its number; false where another one does. */
  readonly addLink: (link: BackupLink) => Promise<boolean>;
  /** Reads and checks the manifests of an export: the very ones of a link, where one is given. */
  readonly readExport: (
    manifestKey: string,
    linked?: Pick<BackupLink, "summaryDigest" | "filesDigest">,
  ) => Promise<Result<ExportContent, BackupFlaw>>;
  /** Reads and checks one data file, whole. */
  readonly readFile: (
    kind: BackupKind,
    file: ExportFile,
  ) => Promise<Result<readonly TableChange[], BackupFlaw>>;
};
