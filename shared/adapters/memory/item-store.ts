import { err, ok } from "../../domain/result.ts";
import {
  type Item,
  type ItemQuery,
  type ItemStore,
  itemToRaw,
  permitsPut,
} from "../stored/item-store.ts";
import type { AtOnce, Prompt } from "./at-once.ts";
import { firstIndexFrom } from "./first-index-from.ts";

/** The items of a partition in the order of their sort keys, and those keys beside them. */
type Partition = { readonly sorts: string[]; readonly items: Item[] };

/** An item store in memory that keeps documents by reference; nothing expires while it lives. */
export const createMemoryItemStore = (): ItemStore => toItemStore(createMemoryItems());

/** A store for whoever waits for each answer. */
export const toItemStore = (items: Prompt<ItemStore>): ItemStore => ({
  isTrusted: items.isTrusted,
  get: async (key) => items.get(key),
  getRaw: async (key) => items.getRaw(key),
  put: async (item, condition) => items.put(item, condition),
  query: async (query) => items.query(query),
  add: async (key, increments, expiresAtMs) => items.add(key, increments, expiresAtMs),
  putMany: async (given) => items.putMany(given),
  getMany: async (keys) => items.getMany(keys),
});

/** The same for a caller that needs no promise, such as a simulated service. */
export const createMemoryItems = (): AtOnce<ItemStore> => {
  const partitions = new Map<string, Partition>();
  const find = (name: string, sort: string): Item | undefined => {
    const partition = partitions.get(name);
    if (partition === undefined) return undefined;
    const index = firstIndexFrom(partition.sorts, sort);
    return partition.sorts[index] === sort ? partition.items[index] : undefined;
  };
  const store = (item: Item): void => {
    const partition = partitions.get(item.partition);
    if (partition === undefined) {
      partitions.set(item.partition, { sorts: [item.sort], items: [item] });
      return;
    }
    const { sorts, items } = partition;
    const index = firstIndexFrom(sorts, item.sort);
    if (index === sorts.length) {
      sorts.push(item.sort);
      items.push(item);
      return;
    }
    if (sorts[index] === item.sort) {
      items[index] = item;
      return;
    }
    sorts.splice(index, 0, item.sort);
    items.splice(index, 0, item);
  };
  return {
    isTrusted: true,
    get: (key) => find(key.partition, key.sort),
    getRaw: (key) => {
      const item = find(key.partition, key.sort);
      return item === undefined ? undefined : itemToRaw(item);
    },
    put: (item, condition) => {
      if (condition.type !== "none") {
        const current = find(item.partition, item.sort);
        if (!permitsPut(condition, current)) return err({ type: "ConditionFailed", current });
      }
      store(item);
      return ok(undefined);
    },
    query: (query) => {
      const partition = partitions.get(query.partition);
      return partition === undefined ? [] : select(partition, query);
    },
    add: (key, increments, expiresAtMs) => {
      const current = find(key.partition, key.sort);
      const document = addNumbers(current?.document, increments);
      store({ partition: key.partition, sort: key.sort, document, expiresAtMs });
    },
    putMany: (items) => {
      for (const item of items) store(item);
    },
    getMany: (keys) => {
      const found: Item[] = [];
      for (const key of keys) {
        const item = find(key.partition, key.sort);
        if (item !== undefined) found.push(item);
      }
      return found;
    },
  };
};

const select = ({ sorts, items }: Partition, query: ItemQuery): readonly Item[] => {
  const { sortPrefix, limit } = query;
  const isForward = query.direction === "forward";
  const start = startOf(sorts, query);
  if (sortPrefix === "") {
    // Everything on the way is meant, and nothing of it has to be looked at.
    if (isForward) return items.slice(start, start + limit);
    return items.slice(Math.max(0, start + 1 - limit), start + 1).toReversed();
  }
  const selected: Item[] = [];
  for (let index = start; selected.length < limit; index += isForward ? 1 : -1) {
    const item = items[index];
    if (item?.sort.startsWith(sortPrefix) !== true) break;
    selected.push(item);
  }
  return selected;
};

/** The first index the query looks at; the keys that share a prefix stand side by side. */
const startOf = (sorts: readonly string[], query: ItemQuery): number => {
  if (query.direction === "forward") {
    return query.after === undefined
      ? firstIndexFrom(sorts, query.sortPrefix)
      : firstIndexFrom(sorts, `${query.after}\0`);
  }
  return firstIndexFrom(sorts, query.after ?? `${query.sortPrefix}\uffff`) - 1;
};

/** Adds increments to a document of numbers. */
const addNumbers = (
  document: unknown,
  increments: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = { ...(document as Readonly<Record<string, number>>) };
  for (const [name, increment] of Object.entries(increments)) {
    sums[name] = (sums[name] ?? 0) + increment;
  }
  return sums;
};
