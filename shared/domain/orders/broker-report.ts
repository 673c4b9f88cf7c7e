import type { Claim } from "../risk/control-cell.ts";
import type { BrokerOrder } from "./broker-state.ts";
import { afterEvent, type Order } from "./order.ts";
import type { OrderEvent } from "./order-event.ts";

/**
 * The events that bring an order's history to what the broker reports of it; none if it is there
 * already. A report that is older than the history changes nothing, so repeating is harmless.
 */
export const eventsOfReport = (
  order: Order,
  claim: Claim | undefined,
  report: BrokerOrder,
  atMs: number,
): readonly OrderEvent[] => {
  const { brokerOrderId } = report;
  const events: OrderEvent[] = [...claimEvents(order, claim)];
  if (order.brokerOrderId === null && report.status !== "rejected") {
    events.push({ type: "acknowledged", atMs, brokerOrderId });
  }
  if (report.filled > order.filled && report.averagePrice !== null) {
    events.push({
      type: "fillObserved",
      atMs,
      brokerOrderId,
      cumulativeFilled: report.filled,
      averagePrice: report.averagePrice,
    });
  }
  const end = endOf(report, atMs);
  if (end !== undefined && order.state.name !== end.type) events.push(end);
  return keepLegal(order, events);
};

/** The events of an order that certainly never reached the broker: it is over, and never retried. */
export const eventsOfAbsence = (order: Order, claim: Claim, atMs: number): readonly OrderEvent[] =>
  keepLegal(order, [
    ...claimEvents(order, claim),
    { type: "notSent", atMs, cause: "The broker denied knowing it over a quiet window." },
    { type: "expired", atMs, cause: "It never reached the broker." },
  ]);

/** A claim whose outcome was never written: the function that made it did not come back. */
const claimEvents = (order: Order, claim: Claim | undefined): readonly OrderEvent[] =>
  claim !== undefined && (order.state.name === "new" || order.state.name === "notSent")
    ? [
        {
          type: "claimed",
          atMs: claim.claimedAtMs,
          epoch: claim.epoch,
          claimId: claim.claimId,
          submitByMs: claim.submitByMs,
        },
      ]
    : [];

const endOf = (report: BrokerOrder, atMs: number): OrderEvent | undefined => {
  switch (report.status) {
    case "cancelled":
      return { type: "cancelled", atMs };
    case "expired":
      return { type: "expired", atMs, cause: "The broker let it expire." };
    case "rejected":
      return { type: "rejected", atMs, reason: `The broker: ${report.statusText}` };
    case "replaced":
      return { type: "replaced", atMs, replacedBy: report.statusText };
    case "pending":
    case "working":
    case "partiallyFilled":
    case "filled":
    case "unlisted":
      return undefined;
  }
};

/** Drops what the order's state does not take: the history has moved on since the report. */
const keepLegal = (order: Order, events: readonly OrderEvent[]): readonly OrderEvent[] => {
  const kept: OrderEvent[] = [];
  let current = order;
  for (const event of events) {
    const next = afterEvent(current, event);
    if (!next.ok) continue;
    kept.push(event);
    current = next.value;
  }
  return kept;
};
