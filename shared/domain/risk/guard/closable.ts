import { absoluteQuantity, type Quantity, ZERO_SHARES } from "../../market/quantity.ts";
import { type BrokerOrder, isLiveStatus } from "../../orders/broker-state.ts";
import { signOf } from "../../orders/order-intent.ts";
import { claimsOf, type ControlCell } from "../control-cell.ts";
import type { SymbolExposure } from "../exposure.ts";
import type { AtBroker, GuardInput } from "./guard-input.ts";

/** What an exit may close of a symbol. */
export type Closable = {
  /** The signed position. */
  readonly held: Quantity;
  /** What of it other orders may close already, unsigned. */
  readonly taken: Quantity;
  /** An order works that would add to the position. */
  readonly hasWorkingEntry: boolean;
};

/**
 * Whether the books are of a moment that the broker has gone on from: restored, and what was lost
 * since the backup is not taken up yet. An exit is then sized by the broker and not by them.
 */
export const isSizedByBroker = (cell: ControlCell): boolean =>
  cell.reconciliation.restoredAsOfMs !== undefined;

/**
 * Whether the broker is asked before an exit is sized: the books are not known to agree with it, so
 * that somebody may have closed at the broker what they still hold, and a second exit would open
 * the other side. Where it does not answer, books that are whole are enough.
 */
export const isBrokerAsked = (cell: ControlCell): boolean => cell.reconciliation.state !== "clean";

/**
 * What may be closed: by the books, where the broker was asked no more than it shows, and behind a
 * restore what it shows alone; less what claims and its own working orders may close. Undefined
 * where it has to be asked and was not.
 */
export const closableOf = (
  { cell, intent, atBroker }: GuardInput,
  { held, exits, hasWorkingEntry }: SymbolExposure,
): Closable | undefined => {
  if (atBroker === undefined || !isBrokerAsked(cell)) {
    return isSizedByBroker(cell) ? undefined : { held, taken: exits, hasWorkingEntry };
  }
  const { symbol } = intent;
  const shown = atBroker.positions
    .filter((one) => one.symbol === symbol)
    .reduce((total, { quantity }) => total + quantity, 0) as Quantity;
  // What whole books do not hold is an order's that is still on its way into them, and its bracket
  // may not be shown yet.
  const position = isSizedByBroker(cell) ? shown : lessOf(held, shown);
  let taken: number = exits;
  let hasStrangeEntry = false;
  for (const order of unclaimedOrders(cell, atBroker, intent)) {
    if (signOf(order.side) === Math.sign(position)) hasStrangeEntry = true;
    else taken += Math.max(0, order.quantity - order.filled);
  }
  return {
    held: position,
    taken: taken as Quantity,
    hasWorkingEntry: hasWorkingEntry || hasStrangeEntry,
  };
};

/** The smaller of two positions on one side; none where they are on different ones. */
const lessOf = (one: Quantity, other: Quantity): Quantity => {
  if (Math.sign(one) !== Math.sign(other)) return ZERO_SHARES;
  return Math.abs(one) < Math.abs(other) ? one : other;
};

/** How much of it no other order is closing, unsigned; negative where more than all is. */
export const freeOf = ({ held, taken }: Closable): number => absoluteQuantity(held) - taken;

/** Live orders in the symbol that no claim, and no bracket of a claim, stands for. */
const unclaimedOrders = (
  cell: ControlCell,
  { openOrders }: AtBroker,
  { symbol }: GuardInput["intent"],
): readonly BrokerOrder[] => {
  const legIds = new Set(claimsOf(cell, symbol).flatMap(({ liveLegIds }) => liveLegIds));
  return openOrders.filter(
    (order) =>
      order.symbol === symbol &&
      isLiveStatus(order.status) &&
      cell.inFlight[order.clientOrderId] === undefined &&
      !legIds.has(order.brokerOrderId),
  );
};
