import type { ControlCell, Holding } from "./control-cell.ts";
import { nextCell } from "./next-cell.ts";

/** Forgets symbols that are flat and whose cooldown is over: what bounds the cell's size. */
export const pruneHoldings = (cell: ControlCell, nowMs: number): ControlCell => {
  const coolDownMs = cell.limits.minCooldownMinutes * 60_000;
  const inFlight = new Set(Object.values(cell.inFlight).map((claim) => claim.symbol as string));
  const isNeeded = ([symbol, holding]: readonly [string, Holding]): boolean =>
    holding.quantity !== 0 ||
    inFlight.has(symbol) ||
    (holding.lastEntryAtMs !== null && nowMs - holding.lastEntryAtMs <= coolDownMs);
  const all = Object.entries(cell.holdings);
  const needed = all.filter(isNeeded);
  return needed.length === all.length
    ? cell
    : nextCell(cell, { holdings: Object.fromEntries(needed) });
};
