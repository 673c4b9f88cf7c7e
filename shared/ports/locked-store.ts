/** What came of creating: `exists` with what stands there, which stays. */
export type Created =
  | { readonly type: "created" }
  | { readonly type: "exists"; readonly body: string };

/**
 * Keeps documents that are written once: nobody can put another under the same key, change one, or
 * take one away. Keys are as an archive's. Throws `RetryableError`.
 */
export type LockedStore = {
  readonly create: (key: string, body: string) => Promise<Created>;
  /** `undefined` if there is none under this key. */
  readonly read: (key: string) => Promise<string | undefined>;
  /** Keys that start with the prefix and come after `after`, sorted, at most `limit` (1,000). */
  readonly list: (
    prefix: string,
    after: string | undefined,
    limit: number,
  ) => Promise<readonly string[]>;
};
