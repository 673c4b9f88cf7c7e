import type { Claim } from "../risk/control-cell.ts";
import type { BrokerOrder, Execution } from "./broker-state.ts";
import { afterEvent, type Order, takes } from "./order.ts";
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
  for (const leg of report.legs) {
    if (leg.filled <= (order.legFills[leg.brokerOrderId] ?? 0) || leg.averagePrice === null)
      continue;
    events.push({
      type: "legFillObserved",
      atMs,
      legId: leg.brokerOrderId,
      role: leg.role,
      cumulativeFilled: leg.filled,
      averagePrice: leg.averagePrice,
    });
  }
  const end = endOf(report, atMs);
  if (end !== undefined && order.state.name !== end.type) events.push(end);
  return legalEvents(order, events);
};

/** The event that adds the trades of an order and its bracket that its history lacks, if any. */
export const eventsOfExecutions = (
  order: Order,
  report: BrokerOrder,
  executions: readonly Execution[],
  atMs: number,
): readonly OrderEvent[] => {
  const ours = new Set([report.brokerOrderId, ...report.legs.map((leg) => leg.brokerOrderId)]);
  const fresh = new Map<string, Execution>();
  for (const execution of executions) {
    const { executionId, brokerOrderId } = execution;
    const isKnown = order.executions[executionId] !== undefined;
    if (ours.has(brokerOrderId) && !isKnown) fresh.set(executionId, execution);
  }
  return fresh.size === 0
    ? []
    : [{ type: "executionsObserved", atMs, executions: [...fresh.values()] }];
};

/**
 * The events of an order that certainly never reached the broker: it is over, and never retried.
 */
export const eventsOfAbsence = (order: Order, claim: Claim, atMs: number): readonly OrderEvent[] =>
  legalEvents(order, [
    ...claimEvents(order, claim),
    { type: "notSent", atMs, cause: "The broker denied knowing it over a quiet window." },
    { type: "expired", atMs, cause: "It never reached the broker." },
  ]);

/** The events of an order that the broker denies or has another one for, given up by a person. */
export const eventsOfForgotten = (order: Order, atMs: number): readonly OrderEvent[] =>
  legalEvents(order, [
    {
      type: "expired",
      atMs,
      cause: "Given up: the broker denies it, or has another order under its id.",
    },
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
          quantity: claim.quantity,
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
      return { type: "rejected", atMs, reason: `${report.statusText}: by the broker, afterwards` };
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

/** Drops what the order's state does not take: the history has moved on meanwhile. */
export const legalEvents = (order: Order, events: readonly OrderEvent[]): readonly OrderEvent[] => {
  const kept: OrderEvent[] = [];
  let current = order;
  for (const [place, event] of events.entries()) {
    if (!takes(current, event)) continue;
    kept.push(event);
    // Nobody asks what follows the last of them.
    if (place === events.length - 1) break;
    const next = afterEvent(current, event);
    if (next.ok) current = next.value;
  }
  return kept;
};
