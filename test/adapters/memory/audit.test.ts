import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createMemoryLockedStore } from "../../../shared/adapters/memory/locked-store.ts";
import type { LockedStore } from "../../../shared/ports/locked-store.ts";
import { describeAudit } from "../../contracts/audit.ts";
import { describeLockedStore } from "../../contracts/locked-store.ts";

describeLockedStore("memory locked store", async () => createMemoryLockedStore(), { runs: 100 });

/** The store under what was put over it: memory itself lets nobody in. */
const createOpened = () => {
  const store = createMemoryLockedStore();
  const over = new Map<string, string | undefined>();
  const opened: LockedStore = {
    ...store,
    read: async (key) => (over.has(key) ? over.get(key) : store.read(key)),
    list: async (prefix, after, limit) => {
      const keys = (await store.list(prefix, after, 1_000)).filter(
        (key) => !over.has(key) || over.get(key) !== undefined,
      );
      return keys.slice(0, limit);
    },
  };
  return { opened, over };
};

describeAudit(
  "memory audit",
  async () => {
    const [east, west] = [createOpened(), createOpened()];
    return {
      items: createMemoryItemStore(),
      east: east.opened,
      west: west.opened,
      tamper: async (region, key, body) => {
        (region === "east" ? east : west).over.set(key, body);
      },
    };
  },
  { runs: 100 },
);
