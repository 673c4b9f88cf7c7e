import { notional } from "../market/money.ts";
import type { SessionDate } from "../market/session-date.ts";
import { claimOrder } from "./claim-order.ts";
import type { ControlCell } from "./control-cell.ts";
import { type EntryRoom, entryRoomOf, roomBehind } from "./entry-room.ts";
import { type Approved, guardOrder } from "./guard.ts";
import type { GuardInput } from "./guard/guard-input.ts";
import type { OrderIntent } from "../orders/order-intent.ts";

/**
 * The entries that were proposed at one moment, each of which counts against those behind it.
 * Changed in place; nothing of it is ever stored.
 */
export type Proposals = {
  /** With everything claimed that was proposed, but for the newest. */
  cell: ControlCell;
  /** The newest, which is claimed when the guard is asked again: mostly it never is. */
  newest: Approved<OrderIntent> | undefined;
  /** What they leave; `undefined` while the broker's account was not read. */
  room: EntryRoom | undefined;
};

/** Nothing is proposed yet. */
export const noProposals = (cell: ControlCell, sessionDate: SessionDate): Proposals => ({
  cell,
  newest: undefined,
  room: entryRoomOf(cell, sessionDate),
});

/** The cell as it would be if everything that was proposed were claimed now. */
export const cellBehind = (proposals: Proposals, nowMs: number): ControlCell => {
  const { newest, cell } = proposals;
  if (newest === undefined) return cell;
  const terms = { claimId: "proposed", nowMs, submitByMs: nowMs };
  const claimed = claimOrder(cell, newest, terms);
  if (claimed.ok) proposals.cell = claimed.value;
  proposals.newest = undefined;
  return proposals.cell;
};

/** Adds an entry; what the guard refuses reserves nothing. */
export const addProposal = (proposals: Proposals, entry: Omit<GuardInput, "cell">): void => {
  const approved = guardOrder({ ...entry, cell: cellBehind(proposals, entry.nowMs) });
  if (!approved.ok) return;
  const { order, price } = approved.value;
  proposals.newest = approved.value;
  proposals.room &&= roomBehind(proposals.room, notional(price, order.quantity));
};
