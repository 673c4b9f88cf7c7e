import type { Claim, ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Exchange } from "../exchange/core/exchange.ts";
import { isOpen, type Order } from "../exchange/core/order.ts";
import { compareHoldings } from "../replay/compare-books.ts";

const ORDERS_MAX = 100_000;

/**
 * What the ledger's cell and the exchange's own book do not agree in at this moment, a sentence
 * each: positions, cash, what every claim says of its order, and orders that no claim stands for.
 */
export const compareLedger = (cell: ControlCell, exchange: Exchange): readonly string[] => [
  ...compareHoldings(cell, exchange),
  ...Object.values(cell.inFlight).flatMap((claim) => compareClaim(claim, exchange)),
  ...findUnclaimed(cell, exchange),
];

/** Every order that was ever sent to the exchange; the legs of brackets are its own. */
export const ownOrders = (exchange: Exchange): readonly Order[] =>
  exchange
    .listOrders({ status: "all", limit: ORDERS_MAX, direction: "asc" })
    .filter(({ parentId }) => parentId === undefined);

/** Claims whose order the broker may or may not have. */
export const countUnknown = (cell: ControlCell): number =>
  Object.values(cell.inFlight).filter(({ stage }) => stage === "claimed" || stage === "unknown")
    .length;

const compareClaim = (claim: Claim, exchange: Exchange): readonly string[] => {
  const { clientOrderId, stage } = claim;
  const order = exchange.getOrderByClientOrderId(clientOrderId);
  if (order === undefined || stage === "claimed" || stage === "unknown") {
    return [`${clientOrderId} is ${stage}; the exchange has it ${order?.status ?? "not at all"}.`];
  }
  const legs = order.legIds.flatMap((id) => exchange.getOrder(id) ?? []);
  const closed = legs.reduce((sum, leg) => sum + leg.filledQuantity, 0);
  const live = legs.filter(isOpen).map(({ id }) => id);
  const isSame =
    claim.filled === order.filledQuantity &&
    claim.closed === closed &&
    (stage === "working") === isOpen(order) &&
    claim.liveLegIds.toSorted().join() === live.toSorted().join();
  return isSame ? [] : [`${clientOrderId} is ${stage} in the ledger and ${order.status} there.`];
};

const findUnclaimed = (cell: ControlCell, exchange: Exchange): readonly string[] =>
  exchange
    .listOrders({ status: "open", limit: ORDERS_MAX, direction: "asc" })
    .filter((order) => cell.inFlight[entryOf(order, exchange)] === undefined)
    .map((order) => `No claim stands for ${order.clientOrderId}, which is ${order.status}.`);

/** The id that an order's claim has: its own, or that of the bracket it belongs to. */
const entryOf = (order: Order, exchange: Exchange): string =>
  (order.parentId === undefined ? undefined : exchange.getOrder(order.parentId)?.clientOrderId) ??
  order.clientOrderId;
