/**
 * Keeps documents by key until they are removed: corrupt state, dead letters, large bodies, what
 * another store does not take. Throws `RetryableError`.
 */
export type Archive = {
  readonly write: (key: string, body: string) => Promise<void>;
  /** `undefined` if there is none under this key. */
  readonly read: (key: string) => Promise<string | undefined>;
  /** Keys that start with the prefix, sorted, at most `limit`. */
  readonly list: (prefix: string, limit: number) => Promise<readonly string[]>;
  /** Removes what is under this key; what is not there is removed already. */
  readonly remove: (key: string) => Promise<void>;
};
