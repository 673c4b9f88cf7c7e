import { toTable } from "../listed-record.ts";
import type { Price } from "../market/price.ts";
import { ZERO_SHARES, type Quantity } from "../market/quantity.ts";
import type { Denial } from "../risk/denial.ts";
import { err, ok, type Result } from "../result.ts";
import type { Execution } from "./broker-state.ts";
import type { OrderEvent, OrderEventType } from "./order-event.ts";
import type { OrderIntent } from "./order-intent.ts";

/** Where an order stands. `submitting` is not stored: a claimed order may have been sent. */
export type OrderState =
  | { readonly name: "new" }
  | { readonly name: "denied"; readonly denials: readonly Denial[] }
  | {
      readonly name: "claimed";
      readonly epoch: number;
      readonly claimId: string;
      readonly submitByMs: number;
    }
  | { readonly name: "acknowledged" }
  | { readonly name: "rejected"; readonly reason: string }
  | { readonly name: "unknown"; readonly sinceMs: number; readonly cause: string }
  | { readonly name: "notSent"; readonly cause: string }
  | { readonly name: "orphaned" }
  | { readonly name: "partiallyFilled" }
  | { readonly name: "filled" }
  | { readonly name: "cancelled" }
  | { readonly name: "expired"; readonly cause: string }
  | { readonly name: "replaced"; readonly replacedBy: string };

/** The name of a state. */
export type OrderStateName = OrderState["name"];

/** The newest claim that an order's history tells of. */
export type OrderClaim = {
  readonly atMs: number;
  readonly epoch: number;
  readonly claimId: string;
  readonly submitByMs: number;
};

/** An order as its history tells it: a fold of its events and nothing else. */
export type Order = {
  readonly intent: OrderIntent;
  /** What was claimed to be sent; the intent's quantity before. */
  readonly quantity: Quantity;
  readonly state: OrderState;
  /** Null before the first claim was recorded, which may be after it was made. */
  readonly lastClaim: OrderClaim | null;
  readonly brokerOrderId: string | null;
  /** Cumulative, as the broker counts. */
  readonly filled: Quantity;
  readonly averagePrice: Price | null;
  /** What each leg of the bracket has closed, cumulative, by the broker's id of the leg. */
  readonly legFills: Readonly<Record<string, Quantity>>;
  /** Each trade of the order and its bracket once, by the broker's id of it. */
  readonly executions: Readonly<Record<string, Execution>>;
  /** How many events the order has; the next event is stored under this number. */
  readonly eventCount: number;
  readonly updatedAtMs: number;
};

/** An event that the order's state does not allow: a bug or a corrupt history, never business. */
export type IllegalTransition = {
  readonly type: "IllegalTransition";
  readonly from: OrderStateName | "none";
  readonly event: OrderEventType;
};

/** A state in which the broker may still hold a live order under this id. */
export const mayBeLive = (state: OrderState): boolean => {
  switch (state.name) {
    case "claimed":
    case "acknowledged":
    case "unknown":
    case "orphaned":
    case "partiallyFilled":
      return true;
    case "new":
    case "denied":
    case "rejected":
    case "notSent":
    case "filled":
    case "cancelled":
    case "expired":
    case "replaced":
      return false;
  }
};

const TRADES = ["fillObserved", "legFillObserved", "executionsObserved"] as const;

/** What may happen to an order while the broker may hold it. */
const WHILE_LIVE = [
  ...TRADES,
  "acknowledged",
  "orphaned",
  "cancelRequested",
  "cancelled",
  "expired",
  "replaced",
] as const;

const WHILE_UNANSWERED = [...WHILE_LIVE, "rejected", "submissionUnknown", "notSent"] as const;

/**
 * Which events each state takes. A terminal state still takes fills: cancelled, then filled,
 * occurs.
 */
const ALLOWED: Readonly<Record<OrderStateName, readonly OrderEventType[]>> = {
  new: ["denied", "claimed", "expired"],
  // After a restore the broker may have an order that was denied only because it was asked for
  // again.
  denied: ["orphaned"],
  claimed: WHILE_UNANSWERED,
  unknown: WHILE_UNANSWERED,
  acknowledged: [...WHILE_LIVE, "rejected"],
  partiallyFilled: WHILE_LIVE,
  orphaned: [...TRADES, "cancelRequested", "cancelled", "expired"],
  notSent: ["claimed", "expired", "orphaned"],
  rejected: ["orphaned", "fillObserved"],
  filled: [...TRADES, "acknowledged", "cancelRequested"],
  cancelled: [...TRADES, "acknowledged"],
  expired: [...TRADES, "orphaned"],
  replaced: [...TRADES, "acknowledged"],
};

/** Returns the order that follows `event`; `order` is undefined before its first event. */
export const afterEvent = (
  order: Order | undefined,
  event: OrderEvent,
): Result<Order, IllegalTransition> => {
  if (event.type === "intentRecorded") {
    return order === undefined
      ? ok(firstOrder(event))
      : err({ type: "IllegalTransition", from: order.state.name, event: event.type });
  }
  if (order === undefined) {
    return err({ type: "IllegalTransition", from: "none", event: event.type });
  }
  if (!takes(order, event)) {
    return err({ type: "IllegalTransition", from: order.state.name, event: event.type });
  }
  const counted = { ...order, eventCount: order.eventCount + 1, updatedAtMs: event.atMs };
  return ok(transition(counted, event));
};

/** Whether an order, as it stands, takes an event. */
export const takes = ({ state }: Order, event: OrderEvent): boolean =>
  ALLOWED[state.name].includes(event.type);

/** Rebuilds an order from its whole history, oldest first. */
export const orderFromEvents = (
  events: readonly OrderEvent[],
): Result<Order | undefined, IllegalTransition> => {
  let order: Order | undefined;
  for (const event of events) {
    const next = afterEvent(order, event);
    if (!next.ok) return next;
    order = next.value;
  }
  return ok(order);
};

/** The order as its intent alone makes it. */
export const firstOrder = (event: Extract<OrderEvent, { type: "intentRecorded" }>): Order => ({
  intent: event.intent,
  quantity: event.intent.quantity,
  state: { name: "new" },
  lastClaim: null,
  brokerOrderId: null,
  filled: ZERO_SHARES,
  averagePrice: null,
  legFills: {},
  executions: {},
  eventCount: 1,
  updatedAtMs: event.atMs,
});

type LaterEvent = Exclude<OrderEvent, { type: "intentRecorded" }>;

const transition = (order: Order, event: LaterEvent): Order => {
  switch (event.type) {
    case "denied":
      return { ...order, state: { name: "denied", denials: event.denials } };
    case "claimed": {
      const { atMs, epoch, claimId, submitByMs } = event;
      return {
        ...order,
        quantity: event.quantity ?? order.quantity,
        lastClaim: { atMs, epoch, claimId, submitByMs },
        state: { name: "claimed", epoch, claimId, submitByMs },
      };
    }
    case "acknowledged":
      return acknowledge(order, event.brokerOrderId);
    case "rejected":
      return { ...order, state: { name: "rejected", reason: event.reason } };
    case "submissionUnknown":
      return { ...order, state: { name: "unknown", sinceMs: event.atMs, cause: event.cause } };
    case "notSent":
      return { ...order, state: { name: "notSent", cause: event.cause } };
    case "legFillObserved":
      return legFill(order, event);
    case "executionsObserved":
      return execute(order, event);
    case "cancelRequested":
      return order;
    case "orphaned":
      return { ...order, state: { name: "orphaned" }, brokerOrderId: event.brokerOrderId };
    case "fillObserved":
      return fill(order, event);
    case "cancelled":
      return { ...order, state: { name: "cancelled" } };
    case "expired":
      return { ...order, state: { name: "expired", cause: event.cause } };
    case "replaced":
      return { ...order, state: { name: "replaced", replacedBy: event.replacedBy } };
  }
};

/** A late acknowledgement names the broker's order but never undoes a fill or an end. */
const acknowledge = (order: Order, brokerOrderId: string): Order => {
  const name = order.state.name;
  const stands =
    name === "partiallyFilled" || name === "filled" || name === "cancelled" || name === "replaced";
  return { ...order, brokerOrderId, state: stands ? order.state : { name: "acknowledged" } };
};

/** Cumulative quantities only rise: a repeated or reordered report changes nothing. */
const fill = (order: Order, event: Extract<OrderEvent, { type: "fillObserved" }>): Order => {
  if (event.cumulativeFilled <= order.filled) return order;
  const name = order.state.name;
  const whole = event.cumulativeFilled >= order.quantity;
  const ended = name === "cancelled" || name === "expired" || name === "replaced";
  return {
    ...order,
    brokerOrderId: event.brokerOrderId,
    filled: event.cumulativeFilled,
    averagePrice: event.averagePrice,
    state: whole ? { name: "filled" } : ended ? order.state : { name: "partiallyFilled" },
  };
};

const legFill = (order: Order, event: Extract<OrderEvent, { type: "legFillObserved" }>): Order => {
  if (event.cumulativeFilled <= (order.legFills[event.legId] ?? 0)) return order;
  const legFills = toTable(order.legFills);
  legFills[event.legId] = event.cumulativeFilled;
  return { ...order, legFills };
};

/** A trade is known by its id: told again, or late, it changes nothing. */
const execute = (
  order: Order,
  event: Extract<OrderEvent, { type: "executionsObserved" }>,
): Order => {
  const executions = toTable(order.executions);
  for (const execution of event.executions) executions[execution.executionId] ??= execution;
  return { ...order, executions };
};
