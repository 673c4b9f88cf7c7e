import { keepNamed, listOf } from "../listed-record.ts";
import type { Ticker } from "../market/ticker.ts";
import { claimsOf, type ControlCell, type Holding } from "./control-cell.ts";
import { nextCell } from "./next-cell.ts";

/** Forgets symbols that are flat and whose cooldown is over: what bounds the cell's size. */
export const pruneHoldings = (cell: ControlCell, nowMs: number): ControlCell => {
  const coolDownMs = cell.limits.minCooldownMinutes * 60_000;
  const isNeeded = (symbol: string, { quantity, lastEntryAtMs }: Holding): boolean =>
    quantity !== 0 ||
    (lastEntryAtMs !== null && nowMs - lastEntryAtMs <= coolDownMs) ||
    // A holding's key is a symbol: the ledger reads it as one.
    claimsOf(cell, symbol as Ticker).length > 0;
  const { names, values } = listOf(cell.holdings);
  // In nearly every minute all of them are.
  if (values.every((holding, place) => isNeeded(names[place] ?? "", holding))) return cell;
  return nextCell(cell, { holdings: keepNamed(cell.holdings, isNeeded) });
};
