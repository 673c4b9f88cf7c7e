import type { TableSource } from "../../shared/adapters/backup/own-exports.ts";
import type { Prompt } from "../../shared/adapters/memory/at-once.ts";
import { createRecordedItems } from "../../shared/adapters/backup/recorded-items.ts";
import {
  createMemoryItems,
  createMemoryItemStore,
} from "../../shared/adapters/memory/item-store.ts";
import type { Item, ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { Engine } from "../engine/engine.ts";

/** A table, and what it is exported from where that is noted. */
export type Table = {
  readonly store: Prompt<ItemStore>;
  readonly source: TableSource | undefined;
  /** 1 for the first table of a world. */
  readonly number: number;
  isLost: boolean;
};

/** An empty one; with a clock it notes when each item was written. */
export const createTable = (
  backedUpBy: Pick<Engine, "nowMs"> | undefined,
  number: number,
): Table => {
  if (backedUpBy === undefined) {
    return { store: createMemoryItems(), source: undefined, number, isLost: false };
  }
  const recorded = createRecordedItems(createMemoryItemStore(), backedUpBy, `ledger-${number}`);
  return { ...recorded, number, isLost: false };
};

/** More items than a partition of a world can have. */
const ITEMS_MAX = 100_000;

/** Everything in these partitions. */
export const itemsOf = async (
  store: ItemStore,
  partitions: readonly string[],
): Promise<readonly Item[]> => {
  const found = await Promise.all(
    partitions.map((partition) =>
      store.query({ partition, sortPrefix: "", direction: "forward", limit: ITEMS_MAX }),
    ),
  );
  return found.flat();
};

/** A table as one who knows its name reaches it: once it is lost, not at all. */
export const whileThere = (table: Table): Prompt<ItemStore> => {
  const { store } = table;
  const there = (): Prompt<ItemStore> => {
    if (table.isLost) throw new RetryableError("There is no such table.");
    return store;
  };
  return {
    isTrusted: store.isTrusted,
    get: (key) => there().get(key),
    getRaw: (key) => there().getRaw(key),
    put: (item, condition) => there().put(item, condition),
    query: (query) => there().query(query),
    add: (key, increments, expiresAtMs) => there().add(key, increments, expiresAtMs),
    putMany: (items) => there().putMany(items),
    getMany: (keys) => there().getMany(keys),
  };
};
