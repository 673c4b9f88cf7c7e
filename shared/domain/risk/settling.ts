import type { Ticker } from "../market/ticker.ts";
import { claimsIn, type ControlCell } from "./control-cell.ts";

/** The symbols with an order that is not over yet: brackets around what is held do not count. */
export const settlingIn = (cell: ControlCell): ReadonlySet<Ticker> => {
  const known = sets.get(cell.inFlight);
  if (known !== undefined) return known;
  const symbols = new Set<Ticker>();
  for (const { stage, symbol } of claimsIn(cell)) {
    if (stage !== "protecting") symbols.add(symbol);
  }
  sets.set(cell.inFlight, symbols);
  return symbols;
};

// A cell never changes, and every shard of a cycle asks about the same: looked through once.
const sets = new WeakMap<ControlCell["inFlight"], ReadonlySet<Ticker>>();
