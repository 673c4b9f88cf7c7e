import type { Plant } from "./plant.ts";

const LEDGER = "shared/adapters/stored/ledger.ts";

/** Mistakes in what is stored, and in reading it. */
export const LEDGER_PLANTS: readonly Plant[] = [
  {
    name: "history-overwritten",
    file: LEDGER,
    find: `  const stored = await store.put(item, { type: "absent" });`,
    replace: `  const stored = await store.put(item, { type: "none" });`,
    why: "Two functions that write one history at once leave only the second's events.",
  },
  {
    name: "cell-overwritten",
    file: LEDGER,
    find: `isFirst ? { type: "absent" } : { type: "revisionIs", revision: expected },`,
    replace: `isFirst ? { type: "absent" } : { type: "none" },`,
    why: "The last writer wins, and claims that others made are gone.",
  },
  {
    name: "rebuilt-without-recorded-orders",
    file: "shared/domain/risk/rebuild-cell.ts",
    find: `  mayBeLive(state) || state.name === "new" || state.name === "notSent";`,
    replace: "  mayBeLive(state);",
    why: "An order that was claimed just before the cell was damaged has no claim afterwards.",
  },
  {
    name: "rebuilt-in-the-old-epoch",
    file: "shared/domain/risk/rebuild-cell.ts",
    find: `    1 + orders.reduce((most, order) => Math.max(most, order.lastClaim?.epoch ?? 0), newest.epoch);`,
    replace:
      "    orders.reduce((most, order) => Math.max(most, order.lastClaim?.epoch ?? 0), newest.epoch);",
    why: "A writer from before the damage passes the fence of the rebuilt cell.",
  },
];
