/** Files of backups by key, which are written once. Throws `RetryableError`. */
export type BackupFiles = {
  /** Whether the file was written; false where one stands under this key already. */
  readonly write: (key: string, body: Uint8Array) => Promise<boolean>;
  /** `undefined` if there is none under this key. */
  readonly read: (key: string) => Promise<Uint8Array | undefined>;
  /** Keys that start with the prefix, sorted, at most `limit`. */
  readonly list: (prefix: string, limit: number) => Promise<readonly string[]>;
};
