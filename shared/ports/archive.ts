/** Keeps documents for ever by key: ticks, corrupt state kept aside, exports. Throws `RetryableError`. */
export type Archive = {
  readonly write: (key: string, body: string) => Promise<void>;
  /** `undefined` if there is none under this key. */
  readonly read: (key: string) => Promise<string | undefined>;
  /** Keys that start with the prefix, sorted, at most `limit`. */
  readonly list: (prefix: string, limit: number) => Promise<readonly string[]>;
};
