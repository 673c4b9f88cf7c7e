import type { Result } from "../../domain/result.ts";

/** Names an item: items of a partition are sorted by the code units of `sort`. */
export type ItemKey = { readonly partition: string; readonly sort: string };

/** What a conditional put compares: the version counts writes, the epoch fences the writer. */
type ItemRevision = { readonly version: number; readonly epoch: number };

/** A stored document. */
export type Item = ItemKey & {
  /** A JSON value. A trusted store keeps and returns the very object: never change it. */
  readonly document: unknown;
  readonly revision?: ItemRevision;
  /** The store may drop the item after this moment, epoch milliseconds; absent: keep for ever. */
  readonly expiresAtMs?: number;
};

/** When a put takes effect: always, only where nothing is stored, or only over this revision. */
export type PutCondition =
  | { readonly type: "none" }
  | { readonly type: "absent" }
  | { readonly type: "revisionIs"; readonly revision: ItemRevision };

/** The condition did not hold; `current` is what is stored instead. */
export type ConditionFailed = {
  readonly type: "ConditionFailed";
  readonly current: Item | undefined;
};

/** Which items of a partition: at most `limit`, of those that start with `sortPrefix`. */
export type ItemQuery = {
  readonly partition: string;
  readonly sortPrefix: string;
  readonly direction: "forward" | "backward";
  readonly limit: number;
  /** Goes on behind this sort key, which has the prefix, in the query's direction. */
  readonly after?: string;
};

/**
 * The seam between what Holdfast stores and where: all that the ledger and telemetry need of a
 * database. Every method throws `RetryableError` when the store does not answer (a write may then
 * have happened or not) and `TerminalError` when a document is too large or the store is unusable.
 */
export type ItemStore = {
  /** In-process memory: it hands back the objects it was given, which need no second check. */
  readonly isTrusted: boolean;
  readonly get: (key: ItemKey) => Promise<Item | undefined>;
  readonly put: (item: Item, condition: PutCondition) => Promise<Result<void, ConditionFailed>>;
  readonly query: (query: ItemQuery) => Promise<readonly Item[]>;
  /**
   * Adds to the numbers of a document that holds nothing but numbers, and makes it where there is
   * none. Concurrent additions all count.
   */
  readonly add: (
    key: ItemKey,
    increments: Readonly<Record<string, number>>,
    expiresAtMs: number,
  ) => Promise<void>;
  /** Stores items unconditionally, in any order; after a failure some may be stored. */
  readonly putMany: (items: readonly Item[]) => Promise<void>;
  /** The items that exist among the keys, in any order. */
  readonly getMany: (keys: readonly ItemKey[]) => Promise<readonly Item[]>;
};

/** Whether a put may replace `current`. */
export const permitsPut = (condition: PutCondition, current: Item | undefined): boolean => {
  if (condition.type === "none") return true;
  if (condition.type === "absent") return current === undefined;
  const { version, epoch } = condition.revision;
  return current?.revision?.version === version && current.revision.epoch === epoch;
};
