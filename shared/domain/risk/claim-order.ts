import { withNamed } from "../listed-record.ts";
import { ZERO_SHARES } from "../market/quantity.ts";
import type { OrderIntent } from "../orders/order-intent.ts";
import { err, ok, type Result } from "../result.ts";
import { type Claim, type ControlCell, holdingOf } from "./control-cell.ts";
import type { Approved } from "./guard.ts";
import { dayOf, nextCell } from "./next-cell.ts";

/** Why an approved order cannot be claimed: the cell is no longer the one that was looked at. */
export type ClaimRefusal = { readonly type: "CellMoved"; readonly version: number };

/** What a claim adds to the order: its fence, its own name, and when it ends. */
export type ClaimTerms = {
  readonly claimId: string;
  readonly nowMs: number;
  readonly submitByMs: number;
};

/**
 * Reserves an approved order's exposure. Only an `Approved` order can be claimed, and only against
 * the very cell that the guard looked at, so that every check holds at the moment of the write.
 */
export const claimOrder = (
  cell: ControlCell,
  approved: Approved<OrderIntent>,
  terms: ClaimTerms,
): Result<ControlCell, ClaimRefusal> => {
  if (cell.version !== approved.cellVersion) {
    return err({ type: "CellMoved", version: cell.version });
  }
  const { order } = approved;
  const holding = holdingOf(cell, order.symbol);
  const isEntry = order.purpose === "entry";
  const entered = isEntry ? { ...holding, lastEntryAtMs: terms.nowMs } : holding;
  // An exit leaves the holdings as they are, and all that was summed up of them.
  const holdings =
    cell.holdings[order.symbol] === entered
      ? cell.holdings
      : withNamed(cell.holdings, order.symbol, entered);
  const day = dayOf(cell, order.sessionDate);
  return ok(
    nextCell(cell, {
      inFlight: withNamed(cell.inFlight, order.clientOrderId, claimOf(cell, approved, terms)),
      holdings,
      day: {
        ...day,
        entries: day.entries + (isEntry ? 1 : 0),
        exits: day.exits + (isEntry ? 0 : 1),
      },
    }),
  );
};

const claimOf = (
  cell: ControlCell,
  { order, price }: Approved<OrderIntent>,
  terms: ClaimTerms,
): Claim => ({
  clientOrderId: order.clientOrderId,
  claimId: terms.claimId,
  epoch: cell.epoch,
  symbol: order.symbol,
  side: order.side,
  purpose: order.purpose,
  quantity: order.quantity,
  filled: ZERO_SHARES,
  filledPrice: null,
  price,
  stage: "claimed",
  claimedAtMs: terms.nowMs,
  submitByMs: terms.submitByMs,
  validUntilMs: order.validUntilMs,
  protection: order.protection,
  closed: ZERO_SHARES,
  closedPrice: null,
  liveLegIds: [],
  entryBeforeMs: holdingOf(cell, order.symbol).lastEntryAtMs,
  absentSinceMs: null,
});
