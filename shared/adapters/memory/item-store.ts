import { err, ok } from "../../domain/result.ts";
import {
  type Item,
  type ItemQuery,
  type ItemStore,
  itemToRaw,
  permitsPut,
} from "../stored/item-store.ts";
import { firstIndexFrom } from "./first-index-from.ts";

/** The items of a partition by sort key, and the keys in order. */
type Partition = { readonly items: Map<string, Item>; readonly sorts: string[] };

/** An item store in memory that keeps documents by reference; nothing expires while it lives. */
export const createMemoryItemStore = (): ItemStore => {
  const partitions = new Map<string, Partition>();
  const find = (partition: string, sort: string): Item | undefined =>
    partitions.get(partition)?.items.get(sort);
  const open = (name: string): Partition => {
    const partition = { items: new Map(), sorts: [] };
    partitions.set(name, partition);
    return partition;
  };
  const store = (item: Item): void => {
    const partition = partitions.get(item.partition) ?? open(item.partition);
    if (!partition.items.has(item.sort)) {
      partition.sorts.splice(firstIndexFrom(partition.sorts, item.sort), 0, item.sort);
    }
    partition.items.set(item.sort, item);
  };
  return {
    isTrusted: true,
    get: async (key) => find(key.partition, key.sort),
    getRaw: async (key) => {
      const item = find(key.partition, key.sort);
      return item === undefined ? undefined : itemToRaw(item);
    },
    put: async (item, condition) => {
      const current = find(item.partition, item.sort);
      if (!permitsPut(condition, current)) return err({ type: "ConditionFailed", current });
      store(item);
      return ok(undefined);
    },
    query: async (query) => {
      const partition = partitions.get(query.partition);
      return partition === undefined ? [] : select(partition, query);
    },
    add: async (key, increments, expiresAtMs) => {
      const current = find(key.partition, key.sort);
      const document = addNumbers(current?.document, increments);
      store({ partition: key.partition, sort: key.sort, document, expiresAtMs });
    },
    putMany: async (items) => {
      for (const item of items) store(item);
    },
    getMany: async (keys) => {
      const found: Item[] = [];
      for (const key of keys) {
        const item = find(key.partition, key.sort);
        if (item !== undefined) found.push(item);
      }
      return found;
    },
  };
};

const select = (partition: Partition, query: ItemQuery): readonly Item[] => {
  const { sorts, items } = partition;
  const selected: Item[] = [];
  const step = query.direction === "forward" ? 1 : -1;
  for (
    let index = startOf(sorts, query);
    index >= 0 && index < sorts.length && selected.length < query.limit;
    index += step
  ) {
    const sort = sorts[index] ?? "";
    if (!sort.startsWith(query.sortPrefix)) break;
    const item = items.get(sort);
    if (item !== undefined) selected.push(item);
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
