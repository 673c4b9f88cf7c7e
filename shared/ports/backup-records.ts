import type { FoldedFills } from "../domain/backup/check-positions.ts";

/** What is known of the last restore test. */
export type RestoreTestRecord = {
  readonly testedAtMs: number;
  /** When the last one succeeded, epoch milliseconds; null while none did. */
  readonly succeededAtMs: number | null;
  /** One sentence. */
  readonly detail: string;
  /** Shares that are held without a fill of ours, by symbol, as a person has accepted them. */
  readonly accepted: FoldedFills;
};

/** The record of restore tests and of the first look, one a Region. Throws `RetryableError`. */
export type BackupRecords = {
  /**
   * When backups were first looked after, epoch milliseconds: now, where nobody has before;
   * undefined where nothing is kept.
   */
  readonly firstLook: (nowMs: number) => Promise<number | undefined>;
  readonly load: () => Promise<RestoreTestRecord | undefined>;
  readonly save: (record: RestoreTestRecord) => Promise<void>;
};
