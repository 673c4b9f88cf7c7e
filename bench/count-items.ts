import type { Item, ItemStore } from "../shared/adapters/stored/item-store.ts";

/** Requests to an item store, and the bytes that each of them moved. */
export type ItemCounts = {
  /** Bytes of each item that was written; an addition counts as a small item. */
  readonly writes: number[];
  /** Bytes of each read; a query counts once for all that it returned. */
  readonly reads: number[];
};

/** Bytes of a counter and its key. */
const COUNTER_BYTES = 200;

/** The same store, counting what goes through it. */
export const countItems = (store: ItemStore, counts: ItemCounts): ItemStore => {
  const read = <Found>(found: Found): Found => {
    counts.reads.push(bytesOf(found));
    return found;
  };
  return {
    ...store,
    get: async (key) => read(await store.get(key)),
    query: async (query) => read(await store.query(query)),
    getMany: async (keys) => read(await store.getMany(keys)),
    put: (item, condition) => {
      counts.writes.push(bytesOf(item));
      return store.put(item, condition);
    },
    putMany: (items: readonly Item[]) => {
      for (const item of items) counts.writes.push(bytesOf(item));
      return store.putMany(items);
    },
    add: (key, increments, expiresAtMs) => {
      counts.writes.push(COUNTER_BYTES);
      return store.add(key, increments, expiresAtMs);
    },
  };
};

const bytesOf = (value: unknown): number =>
  value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
