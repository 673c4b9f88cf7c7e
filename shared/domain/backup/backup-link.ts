import { canonicalJson } from "../canonical-json.ts";

/** Whether an export holds every item, or those that were written within its window. */
export type BackupKind = "full" | "incremental";

/** One export of a table, and its place in the chain of exports. */
export type BackupLink = {
  readonly version: 1;
  readonly table: string;
  /** Names the very table that was exported: one that was restored is another one. */
  readonly tableId: string;
  /** 1 for the first; each next one is one more. */
  readonly number: number;
  readonly kind: BackupKind;
  /**
   * The window, epoch milliseconds: from here on, inclusive. A full export begins where it ends.
   */
  readonly fromMs: number;
  /** Up to here, exclusive: with it the table is as it was at this moment. */
  readonly toMs: number;
  readonly exportId: string;
  /** The key of the export's summary. */
  readonly manifestKey: string;
  /** SHA-256 of the summary, and of the list that names every data file with its checksum. */
  readonly summaryDigest: string;
  readonly filesDigest: string;
  readonly itemCount: number;
  /** The digest of the link before; null for the first. */
  readonly previousDigest: string | null;
  /** Digest of the canonical JSON of everything above. */
  readonly digest: string;
};

/** What a link's digest is made of. */
export const linkText = ({ digest: _digest, ...rest }: BackupLink): string => canonicalJson(rest);

/** Seals a link: `digest` is SHA-256 in hexadecimal. */
export const sealLink = (
  link: Omit<BackupLink, "digest">,
  digest: (text: string) => string,
): BackupLink => ({ ...link, digest: digest(canonicalJson(link)) });

/** The name of a link's file, so that names sort as numbers do. */
export const linkName = (number: number): string => `${number.toString().padStart(8, "0")}.json`;
