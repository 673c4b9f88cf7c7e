import type { Quantity } from "../market/quantity.ts";
import type { BrokerOrder } from "../orders/broker-state.ts";
import type { Order } from "../orders/order.ts";
import { type Claim, type ControlCell, holdingOf } from "../risk/control-cell.ts";
import { nextCell } from "../risk/next-cell.ts";
import { closedBy } from "../risk/progress-claim.ts";

/** An order that was over and settled, and of which the broker now reports more fills. */
export type LateFill = { readonly order: Order; readonly report: BrokerOrder };

/** Whether the broker reports more of a settled order than its history knows. */
export const isLateFill = ({ order, report }: LateFill): boolean =>
  report.symbol === order.intent.symbol &&
  report.side === order.intent.side &&
  (report.filled > order.filled ||
    report.legs.some((leg) => leg.filled > (order.legFills[leg.brokerOrderId] ?? 0)));

/**
 * Takes an order back that was settled too early, ours and late: a claim stands for it again, as
 * far as its history goes, so that what the broker reports of it is booked as of any claimed order.
 */
export const reopenClaim = (cell: ControlCell, late: LateFill, atMs: number): ControlCell => {
  const claim = claimAgain(cell, late, atMs);
  const holding = holdingOf(cell, claim.symbol);
  // What comes of it is ours, however long the symbol was flat: without a bracket it is closed.
  const lastEntryAtMs = holding.lastEntryAtMs ?? late.order.intent.decidedAtMs;
  return nextCell(cell, {
    inFlight: { ...cell.inFlight, [claim.clientOrderId]: claim },
    holdings: { ...cell.holdings, [claim.symbol]: { ...holding, lastEntryAtMs } },
  });
};

/** The claim as it stood when the order's history was last written. */
const claimAgain = (cell: ControlCell, { order, report }: LateFill, atMs: number): Claim => {
  const { intent, filled, averagePrice } = order;
  const closed = Object.values(order.legFills).reduce((sum, quantity) => sum + quantity, 0);
  const limit = intent.pricing.type === "limit" ? intent.pricing.limitPrice : undefined;
  return {
    clientOrderId: intent.clientOrderId,
    // The claim that it had is gone; the broker's own name of the order stands in for its name.
    claimId: report.brokerOrderId,
    epoch: cell.epoch,
    symbol: intent.symbol,
    side: intent.side,
    purpose: intent.purpose,
    quantity: order.quantity,
    filled,
    filledPrice: averagePrice,
    price: limit ?? report.averagePrice ?? intent.referencePrice,
    stage: "working",
    claimedAtMs: order.updatedAtMs,
    submitByMs: atMs,
    validUntilMs: intent.validUntilMs,
    protection: intent.protection,
    closed: closed as Quantity,
    // Histories keep no price of what a leg closed: what it closes later cost as much.
    closedPrice: closed === 0 ? null : closedBy(report.legs).averagePrice,
    liveLegIds: [],
    entryBeforeMs: null,
    absentSinceMs: null,
  };
};
