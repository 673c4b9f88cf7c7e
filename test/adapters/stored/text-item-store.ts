import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { documentToText, textToDocument } from "../../../shared/adapters/stored/document.ts";
import type { Item, ItemKey, ItemStore } from "../../../shared/adapters/stored/item-store.ts";

/** A store that keeps text, and what a disk, a bad deployment or a person may do to it. */
export type TextItemStore = ItemStore & {
  /** Replaces an item behind the store's back. */
  readonly damage: (key: ItemKey, change: (item: Item) => Item) => Promise<void>;
};

/** An item store in memory that is not trusted: documents go through JSON text, as on disk. */
export const createTextItemStore = (): TextItemStore => {
  const memory = createMemoryItemStore();
  return {
    ...memory,
    isTrusted: false,
    put: (item, condition) => memory.put(write(item), condition),
    putMany: (items) => memory.putMany(items.map(write)),
    damage: async (key, change) => {
      const item = await memory.get(key);
      if (item === undefined) throw new Error("There is an item to damage.");
      await memory.put(change(item), { type: "none" });
    },
  };
};

const write = (item: Item): Item => ({
  ...item,
  document: textToDocument(documentToText(item, item.document)),
});
