import type { TableChange, TableItem } from "../../domain/backup/table-item.ts";
import { err } from "../../domain/result.ts";
import { ATTRIBUTE } from "../aws/item-attributes.ts";
import {
  type Item,
  type ItemKey,
  type ItemStore,
  itemToRaw,
  permitsPut,
} from "../stored/item-store.ts";

const CELL_PREFIX = "cell#";

/** No ledger reads it, and no seal holds under it: whoever trades finds no cell there. */
const HELD_PREFIX = "restoring-cell#";

/**
 * The changes as a table takes them that is being rebuilt. A cell of the backup is under its old
 * epoch, trades, and is clean: a table that has it, and whose restore was killed, looks alive, and
 * nothing fences who still acts on the lost one. So it lies aside until its fenced successor is
 * written. What an earlier restore laid aside was of its time, and is left out.
 */
export const holdCells = (changes: readonly TableChange[]): readonly TableChange[] =>
  changes.flatMap((change): readonly TableChange[] => {
    const partition = partitionOf(change.type === "put" ? change.item : change.key);
    if (partition.startsWith(HELD_PREFIX)) return [];
    if (!partition.startsWith(CELL_PREFIX)) return [change];
    const held = { [ATTRIBUTE.partition]: { S: heldName(partition) } };
    return change.type === "put"
      ? [{ type: "put", item: { ...change.item, ...held } }]
      : [{ type: "delete", key: { ...change.key, ...held } }];
  });

/**
 * A store over such a table, in which a cell that lies aside reads as if it were in its place. The
 * first put on it is the first that any other reader sees.
 */
export const createHeldCells = (store: ItemStore): ItemStore => {
  const heldOf = async (key: ItemKey): Promise<Item | undefined> => {
    if (!key.partition.startsWith(CELL_PREFIX)) return undefined;
    const item = await store.get({ partition: heldName(key.partition), sort: key.sort });
    return item === undefined ? undefined : { ...item, partition: key.partition };
  };
  return {
    ...store,
    get: async (key) => (await store.get(key)) ?? heldOf(key),
    getRaw: async (key) => {
      const raw = await store.getRaw(key);
      if (raw !== undefined) return raw;
      const held = await heldOf(key);
      return held === undefined ? undefined : itemToRaw(held);
    },
    put: async (item, condition) => {
      const held = await heldOf(item);
      if (held === undefined || (await store.getRaw(item)) !== undefined) {
        return store.put(item, condition);
      }
      if (permitsPut(condition, held)) return store.put(item, { type: "absent" });
      return err({ type: "ConditionFailed", current: held });
    },
  };
};

const heldName = (partition: string): string => HELD_PREFIX + partition.slice(CELL_PREFIX.length);

const partitionOf = (image: TableItem): string => {
  const value = image[ATTRIBUTE.partition];
  return value !== undefined && "S" in value ? value.S : "";
};
