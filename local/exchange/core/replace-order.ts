import { err, ok, type Result } from "../../../shared/domain/result.ts";
import { checkRequest } from "./check-request.ts";
import { checkRisk, reservePriceOf } from "./check-risk.ts";
import { remainingQuantity, type Order, type OrderRequest, type ReplaceRequest } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { orderOf, saveOrder, type ExchangeState } from "./state.ts";
import { activateOrder, createOrder, type Terms } from "./submit-order.ts";
import { timeOrder } from "./timing.ts";

/**
 * Replaces a working order by a NEW one with its own id, and returns the new one. What the old one
 * filled stays with it: without a new quantity the new order asks for what was left.
 */
export const replaceOrder = (
  state: ExchangeState,
  id: string,
  change: ReplaceRequest,
): Result<Order, Refusal> => {
  const old = state.orders.get(id);
  if (old === undefined) return err({ type: "OrderNotFound", id });
  const refusal = checkReplaceable(state, old, change);
  if (refusal !== undefined) return err(refusal);
  const request = mergeRequest(old, change);
  const terms = termsOf(state, old, request);
  if (!terms.ok) return terms;
  const now = state.nowMs;
  // The old order's reservation must not count against the new one's.
  saveOrder(state, { ...old, status: "replaced", replacedAtMs: now, updatedAtMs: now });
  const risk = isExit(old)
    ? undefined
    : checkRisk(
        state,
        // An entry that brings its exits is judged as such again.
        { ...request, orderClass: old.orderClass },
        terms.value.quantity,
        old.positionIntent,
        terms.value.reservePrice,
      );
  if (risk !== undefined) {
    saveOrder(state, old);
    return err(risk);
  }
  const replacement = saveOrder(state, {
    ...createOrder(state, request, terms.value, old.role),
    status: old.status === "held" ? "held" : "pending_new",
    orderClass: old.orderClass,
    positionIntent: old.positionIntent,
    replaces: old.id,
    parentId: old.parentId,
    legIds: old.legIds,
    siblingId: old.siblingId,
  });
  saveOrder(state, { ...orderOf(state, old.id), replacedBy: replacement.id });
  relinkGroup(state, old, replacement);
  if (replacement.status !== "held") activateOrder(state, replacement);
  return ok(replacement);
};

const checkReplaceable = (
  state: ExchangeState,
  order: Order,
  change: ReplaceRequest,
): Refusal | undefined => {
  switch (order.status) {
    case "new":
    case "partially_filled":
    case "held":
      break;
    case "accepted":
    case "pending_new":
    case "pending_cancel":
    case "filled":
    case "canceled":
    case "expired":
    case "replaced":
      return { type: "NotReplaceable", status: order.status };
  }
  const { clientOrderId, quantity } = change;
  if (clientOrderId !== undefined && state.orderIdsByClientOrderId.has(clientOrderId)) {
    return { type: "DuplicateClientOrderId", clientOrderId };
  }
  if (quantity !== undefined && order.role !== "single") {
    return { type: "Unprocessable", sentence: "qty of a complex order cannot be changed" };
  }
  const isChanged =
    (quantity !== undefined && quantity !== order.quantity) ||
    (change.limitPrice !== undefined && change.limitPrice !== order.limitPrice) ||
    (change.stopPrice !== undefined && change.stopPrice !== order.stopPrice) ||
    (change.timeInForce !== undefined && change.timeInForce !== order.timeInForce);
  return isChanged
    ? undefined
    : { type: "Unprocessable", sentence: "order parameters are not changed" };
};

const isExit = (order: Order): boolean => order.role === "takeProfit" || order.role === "stopLoss";

/** The request as a simple order; its group is carried over from the old order. */
const mergeRequest = (order: Order, change: ReplaceRequest): OrderRequest => ({
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  timeInForce: change.timeInForce ?? order.timeInForce,
  quantity: change.quantity ?? remainingQuantity(order),
  limitPrice: change.limitPrice ?? order.limitPrice,
  stopPrice: change.stopPrice ?? order.stopPrice,
  clientOrderId: change.clientOrderId,
  extendedHours: order.extendedHours,
});

const termsOf = (
  state: ExchangeState,
  old: Order,
  request: OrderRequest,
): Result<Terms, Refusal> => {
  const refusal = checkRequest(request);
  if (refusal !== undefined) return err(refusal);
  const { quantity } = request;
  const reservePrice = reservePriceOf(state, request) ?? old.reservePrice;
  if (quantity === undefined) return err({ type: "InvalidRequest", sentence: "qty is required" });
  if (request.timeInForce === old.timeInForce) {
    const timing = { activeFromMs: state.nowMs, expiresAtMs: old.expiresAtMs };
    return ok({ quantity, reservePrice, timing });
  }
  const timing = timeOrder(request.timeInForce, old.extendedHours, state.nowMs);
  return timing.ok ? ok({ quantity, reservePrice, timing: timing.value }) : timing;
};

/** Points the members of the old order's group to its replacement. */
const relinkGroup = (state: ExchangeState, old: Order, replacement: Order): void => {
  if (old.siblingId !== undefined) {
    saveOrder(state, { ...orderOf(state, old.siblingId), siblingId: replacement.id });
  }
  if (old.parentId !== undefined) {
    const parent = orderOf(state, old.parentId);
    const legIds = parent.legIds.map((legId) => (legId === old.id ? replacement.id : legId));
    saveOrder(state, { ...parent, legIds });
  }
  for (const legId of old.legIds) {
    saveOrder(state, { ...orderOf(state, legId), parentId: replacement.id });
  }
};
