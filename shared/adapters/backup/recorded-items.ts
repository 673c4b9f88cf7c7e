import {
  isLedgerPartition,
  type TableItem,
  type WrittenItem,
} from "../../domain/backup/table-item.ts";
import { err, ok } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RestoreTarget } from "../../ports/restore-target.ts";
import { attributesToItem, itemToAttributes } from "../aws/item-attributes.ts";
import { createMemoryItemStore } from "../memory/item-store.ts";
import type { Item, ItemKey, ItemStore } from "../stored/item-store.ts";
import { createStoredAuditHeads } from "../stored/audit-heads.ts";
import { createStoredLedger } from "../stored/ledger.ts";
import { createHeldCells, holdCells } from "./held-cells.ts";
import type { TableSource } from "./own-exports.ts";

const MICROS_PER_MS = 1_000;

/**
 * An item store that notes when each item of the ledger was written, and from which exports are
 * made: for a world in memory. It belongs directly around the store, below every fault. `id` names
 * the store: one that takes its place has another.
 */
export const createRecordedItems = (
  store: ItemStore,
  clock: Pick<Clock, "nowMs">,
  id = "memory",
): { readonly store: ItemStore; readonly source: TableSource } => {
  const written = new Map<string, { readonly item: Item; readonly writtenAtMicros: number }>();
  let newest = 0;
  let watermark = 0;
  const note = (item: Item): void => {
    if (!isLedgerPartition(item.partition)) return;
    newest = Math.max(Math.floor(clock.nowMs() * MICROS_PER_MS), newest + 1, watermark);
    written.set(nameOf(item), { item, writtenAtMicros: newest });
  };
  return {
    store: {
      ...store,
      put: async (item, condition) => {
        const stored = await store.put(item, condition);
        if (stored.ok) note(item);
        return stored;
      },
      putMany: async (items) => {
        await store.putMany(items);
        for (const item of items) note(item);
      },
    },
    source: {
      tableId: async () => id,
      read: async (fromMicros, untilMicros) => {
        if (newest >= untilMicros) return undefined;
        watermark = Math.max(watermark, untilMicros);
        return [...written.values()]
          .filter(({ writtenAtMicros }) => writtenAtMicros >= fromMicros)
          .map(({ item, writtenAtMicros }): WrittenItem => {
            return { item: itemToTableItem(item), writtenAtMicros };
          });
      },
    },
  };
};

/**
 * A new store in memory, for a world that has lost its own; `isTrusted` as that one was, since what
 * was written without seals has to be read without.
 */
export const createMemoryRestoreTarget = ({
  name,
  isTrusted,
  commit,
}: {
  readonly name: string;
  readonly isTrusted: boolean;
  readonly commit: (store: ItemStore) => void;
}): RestoreTarget => {
  const items = new Map<string, Item>();
  let made: ItemStore | undefined;
  const open = async (): Promise<ItemStore> => {
    if (made !== undefined) return made;
    made = { ...createMemoryItemStore(), isTrusted };
    await made.putMany([...items.values()]);
    return made;
  };
  return {
    name,
    create: async () => {
      if (made !== undefined) return err({ detail: `The table ${name} exists.` });
      return ok(undefined);
    },
    apply: async (changes) => {
      for (const change of holdCells(changes)) {
        if (change.type === "delete") items.delete(nameOf(attributesToItem({ ...change.key })));
        else {
          const item = attributesToItem({ ...change.item });
          items.set(nameOf(item), item);
        }
      }
    },
    open: async () => {
      const store = createHeldCells(await open());
      return { ledger: createStoredLedger(store), heads: createStoredAuditHeads(store) };
    },
    commit: async () => commit(await open()),
    discard: async () => items.clear(),
  };
};

const nameOf = ({ partition, sort }: ItemKey): string => JSON.stringify([partition, sort]);

const itemToTableItem = (item: Item): TableItem =>
  Object.fromEntries(
    Object.entries(itemToAttributes(item)).map(([key, value]) => [
      key,
      value.N === undefined ? { S: value.S ?? "" } : { N: value.N },
    ]),
  );
