import type { BrokerOrder } from "../domain/orders/broker-state.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";

/** Whether what the broker holds is what was asked for: symbol, side, quantity, type, price. */
export const isOrderOf = (intent: OrderIntent, order: BrokerOrder): boolean =>
  order.clientOrderId === intent.clientOrderId &&
  order.symbol === intent.symbol &&
  order.side === intent.side &&
  order.quantity === intent.quantity &&
  order.pricing === intent.pricing.type &&
  (intent.pricing.type === "market" || order.limitPrice === intent.pricing.limitPrice);
