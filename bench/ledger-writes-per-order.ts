import type { Benchmark } from "./benchmark.ts";
import { countItems, type ItemCounts } from "./count-items.ts";
import { openOrderAccount } from "./order-account.ts";

const ORDERS = 20;

/** Writes to the ledger from an order's message to its acknowledgement, its recording included. */
export const ledgerWritesPerOrder: Benchmark = {
  name: "ledger-writes-per-order",
  unit: "writes",
  goal: { direction: "atMost", value: 3 },
  measure: async () => {
    const counts: ItemCounts = { writes: [], reads: [] };
    const account = await openOrderAccount({ ledgerStore: (store) => countItems(store, counts) });
    try {
      for (let index = 0; index < ORDERS; index++) {
        await account.execute(index);
        await account.reset();
      }
    } finally {
      await account.close();
    }
    return { ours: counts.writes.length / ORDERS };
  },
};
