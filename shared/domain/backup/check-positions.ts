import type { Order } from "../orders/order.ts";
import { signOf } from "../orders/order-intent.ts";
import type { ControlCell } from "../risk/control-cell.ts";
import { type BackupFlaw, flawOf } from "./backup-flaw.ts";

/** What the orders read so far have filled: shares by symbol in units of a quantity, signed. */
export type FoldedFills = Readonly<Record<string, number>>;

/**
 * Adds what orders have filled to a fold. An order in flight counts by its claim, which says what
 * the holdings have of it already: a history may be one step ahead of the cell.
 */
export const foldFills = (
  fold: FoldedFills,
  orders: readonly Order[],
  cell: ControlCell | undefined,
): FoldedFills => {
  const sums: Record<string, number> = { ...fold };
  for (const { intent, filled, legFills } of orders) {
    const claim = cell?.inFlight[intent.clientOrderId];
    const opened = claim?.filled ?? filled;
    const closed =
      claim?.closed ?? Object.values(legFills).reduce((sum, quantity) => sum + quantity, 0);
    const moved = signOf(intent.side) * (opened - closed);
    if (moved !== 0) sums[intent.symbol] = (sums[intent.symbol] ?? 0) + moved;
  }
  return sums;
};

/** What the cell holds beyond what fills explain: taken over from the broker, or split. */
const unexplainedHoldings = (cell: ControlCell, fold: FoldedFills): FoldedFills => {
  const offsets: Record<string, number> = {};
  for (const symbol of new Set([...Object.keys(cell.holdings), ...Object.keys(fold)])) {
    const offset = (cell.holdings[symbol]?.quantity ?? 0) - (fold[symbol] ?? 0);
    if (offset !== 0) offsets[symbol] = offset;
  }
  return offsets;
};

/**
 * Checks that fills fold to the stored positions. `accepted` is what a person has accepted to be
 * held without a fill of ours, such as what an account held when it was opened.
 */
export const checkPositions = (
  cell: ControlCell,
  fold: FoldedFills,
  accepted: FoldedFills,
): readonly BackupFlaw[] => {
  const offsets = unexplainedHoldings(cell, fold);
  const symbols = new Set([...Object.keys(offsets), ...Object.keys(accepted)]);
  return [...symbols].toSorted().flatMap((symbol) => {
    if ((offsets[symbol] ?? 0) === (accepted[symbol] ?? 0)) return [];
    const held = cell.holdings[symbol]?.quantity ?? 0;
    const words = `${fold[symbol] ?? 0} billionths of a share, and the cell holds ${held}.`;
    return [flawOf("meaning", `holding ${symbol}`, `The fills of ${symbol} come to ${words}`)];
  });
};
