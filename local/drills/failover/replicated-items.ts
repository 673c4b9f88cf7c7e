import type { Item, ItemStore } from "../../../shared/adapters/stored/item-store.ts";
import type { Timers } from "../../../shared/ports/timers.ts";

/** Two replicas of a table, each nearby for one Region: what one stores the other has later. */
export type Replicas = {
  readonly stores: readonly [ItemStore, ItemStore];
  /** Ends replication; what is on its way is lost. */
  readonly close: () => void;
};

/** Joins two stores; what is written in one arrives in the other after `lagMs` of the host. */
export const createReplicas = (
  [one, other]: readonly [ItemStore, ItemStore],
  { timers, lagMs }: { readonly timers: Timers; readonly lagMs: number },
): Replicas => {
  const underWay = new Set<() => void>();
  const later = (act: () => Promise<unknown>): void => {
    const cancel = timers.after(lagMs, () => {
      underWay.delete(cancel);
      // What does not arrive is missed as telemetry may be: nothing is decided on it alone.
      act().catch(() => undefined);
    });
    underWay.add(cancel);
  };
  return {
    stores: [replicate(one, other, later), replicate(other, one, later)],
    close: () => {
      for (const cancel of underWay) cancel();
    },
  };
};

const replicate = (
  near: ItemStore,
  far: ItemStore,
  later: (act: () => Promise<unknown>) => void,
): ItemStore => ({
  ...near,
  put: async (item, condition) => {
    const stored = await near.put(item, condition);
    if (stored.ok) later(() => far.put(item, { type: "none" }));
    return stored;
  },
  putMany: async (items: readonly Item[]) => {
    await near.putMany(items);
    later(() => far.putMany(items));
  },
  add: async (key, increments, expiresAtMs) => {
    await near.add(key, increments, expiresAtMs);
    later(() => far.add(key, increments, expiresAtMs));
  },
});
