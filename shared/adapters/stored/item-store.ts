import type { Result } from "../../domain/result.ts";

/** Names an item: items of a partition are sorted by the code units of `sort`. */
export type ItemKey = { readonly partition: string; readonly sort: string };

/** What a conditional put compares: the version counts writes, the epoch fences the writer. */
type ItemRevision = { readonly version: number; readonly epoch: number };

/** An item as the store has it, whether or not anything can read it. */
export type RawItem = {
  /** The document's text; null where there is none. */
  readonly text: string | null;
  /** What conditions compare; null where it is not stored or is no number. */
  readonly version: number | null;
  readonly epoch: number | null;
};

/** A stored document. */
export type Item = ItemKey & {
  /** A JSON value. A trusted store keeps and returns the very object: never change it. */
  readonly document: unknown;
  readonly revision?: ItemRevision;
  /** The store may drop the item after this moment, epoch milliseconds; absent: keep for ever. */
  readonly expiresAtMs?: number;
};

/**
 * When a put takes effect: always, only where nothing is stored, only over this revision, or only
 * over exactly this item, which is how a damaged one is replaced.
 */
export type PutCondition =
  | { readonly type: "none" }
  | { readonly type: "absent" }
  | { readonly type: "revisionIs"; readonly revision: ItemRevision }
  | { readonly type: "rawIs"; readonly raw: RawItem };

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
  /** The item as it is stored, also where it is damaged. */
  readonly getRaw: (key: ItemKey) => Promise<RawItem | undefined>;
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

/** Whether a put may replace `current`, which the store has as `raw` where it keeps text. */
export const permitsPut = (
  condition: PutCondition,
  current: Item | undefined,
  raw?: RawItem,
): boolean => {
  switch (condition.type) {
    case "none":
      return true;
    case "absent":
      return current === undefined;
    case "revisionIs": {
      const { version, epoch } = condition.revision;
      return current?.revision?.version === version && current.revision.epoch === epoch;
    }
    case "rawIs": {
      const { text, version, epoch } = condition.raw;
      // Written only here: every other condition would pay for the text of what it replaces.
      const seen = raw ?? (current === undefined ? undefined : itemToRaw(current));
      return seen?.text === text && seen.version === version && seen.epoch === epoch;
    }
  }
};

/** What a store that keeps objects would have as text. */
export const itemToRaw = ({ document, revision }: Item): RawItem => ({
  text: document === undefined ? null : JSON.stringify(document),
  version: revision?.version ?? null,
  epoch: revision?.epoch ?? null,
});
