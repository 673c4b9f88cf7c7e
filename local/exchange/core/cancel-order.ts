import { err, ok, type Result } from "../../../shared/domain/result.ts";
import { isOpen, type Order } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { saveOrder, type ExchangeState } from "./state.ts";

/** Asks for a cancellation; it takes effect after the exchange's latency, in which it may fill. */
export const requestCancel = (state: ExchangeState, id: string): Result<Order, Refusal> => {
  const order = state.orders.get(id);
  if (order === undefined) return err({ type: "OrderNotFound", id });
  if (!isOpen(order) || order.status === "pending_cancel") {
    return err({ type: "NotCancelable", status: order.status });
  }
  const { cancelLatencyMs } = state.rules;
  const pending = saveOrder(state, {
    ...order,
    status: "pending_cancel",
    cancelDueAtMs: state.nowMs + cancelLatencyMs,
    updatedAtMs: state.nowMs,
  });
  // An order that does not work yet has nothing that could fill in between.
  const isInBook = order.status === "new" || order.status === "partially_filled";
  if (!isInBook || cancelLatencyMs === 0) cancelGroup(state, pending);
  return ok(pending);
};

/** Cancels an order, and all that is open in its group: one member never outlives another. */
export const cancelGroup = (state: ExchangeState, order: Order): void => {
  cancelOne(state, order);
  for (const id of groupIdsOf(state, order)) {
    const member = state.orders.get(id);
    if (member !== undefined && isOpen(member)) cancelOne(state, member);
  }
};

const groupIdsOf = (state: ExchangeState, order: Order): readonly string[] => {
  const parent = order.parentId === undefined ? undefined : state.orders.get(order.parentId);
  const siblingIds = order.siblingId === undefined ? [] : [order.siblingId];
  return [...order.legIds, ...siblingIds, ...(parent === undefined ? [] : [parent.id])];
};

const cancelOne = (state: ExchangeState, order: Order): void => {
  saveOrder(state, {
    ...order,
    status: "canceled",
    canceledAtMs: state.nowMs,
    updatedAtMs: state.nowMs,
    cancelDueAtMs: undefined,
  });
};
