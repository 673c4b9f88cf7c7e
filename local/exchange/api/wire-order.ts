import { formatMoney } from "../../../shared/domain/market/money.ts";
import { formatPrice, type Price } from "../../../shared/domain/market/price.ts";
import { formatQuantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Order } from "../core/order.ts";
import { averagePrice } from "../core/position.ts";
import { createIds } from "../core/ids.ts";
import type { Fill } from "../core/fill.ts";
import type { Json } from "../faults/distort-body.ts";
import { toNanoTime, toNanoTimeOrNull } from "./wire-time.ts";

const assetIds = createIds("assets");

/** The asset's id, a function of its symbol. */
export const assetIdOf = (symbol: Ticker): string => assetIds.uuid(symbol, 1);

/** An order as Alpaca writes it; `legsOf` finds its legs, which are null when not asked for. */
export const toWireOrder = (
  order: Order,
  legsOf: ((order: Order) => readonly Order[]) | undefined,
): Json => {
  const legs = legsOf?.(order) ?? [];
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: toNanoTime(order.createdAtMs),
    updated_at: toNanoTime(order.updatedAtMs),
    submitted_at: toNanoTime(order.createdAtMs),
    filled_at: toNanoTimeOrNull(order.filledAtMs),
    expired_at: toNanoTimeOrNull(order.expiredAtMs),
    expires_at: toNanoTime(order.expiresAtMs),
    canceled_at: toNanoTimeOrNull(order.canceledAtMs),
    failed_at: null,
    replaced_at: toNanoTimeOrNull(order.replacedAtMs),
    replaced_by: order.replacedBy ?? null,
    replaces: order.replaces ?? null,
    asset_id: assetIdOf(order.symbol),
    symbol: order.symbol,
    asset_class: "us_equity",
    notional: order.notional === undefined ? null : formatMoney(order.notional),
    qty: order.notional === undefined ? formatQuantity(order.quantity) : null,
    filled_qty: formatQuantity(order.filledQuantity),
    filled_avg_price:
      order.filledQuantity === 0
        ? null
        : formatMoney(averagePrice(order.filledNotional, order.filledQuantity)),
    order_class: order.orderClass === "simple" ? "" : order.orderClass,
    order_type: order.type,
    type: order.type,
    side: order.side,
    position_intent: order.positionIntent,
    time_in_force: order.timeInForce,
    limit_price: priceOrNull(order.limitPrice),
    stop_price: priceOrNull(order.stopPrice),
    status: wireStatusOf(order),
    extended_hours: order.extendedHours,
    legs: legs.length === 0 ? null : legs.map((leg) => toWireOrder(leg, undefined)),
    trail_percent: null,
    trail_price: null,
    hwm: null,
    subtag: null,
    source: null,
  };
};

/** Alpaca shows the stop of a working pair of exits as held until its price is reached. */
const wireStatusOf = (order: Order): string =>
  order.role === "stopLoss" &&
  order.siblingId !== undefined &&
  order.status === "new" &&
  !order.isTriggered
    ? "held"
    : order.status;

const priceOrNull = (price: Price | undefined): string | null =>
  price === undefined ? null : formatPrice(price);

/** An execution as the account's activities show it. */
export const toWireFill = (fill: Fill): Json => ({
  id: fill.executionId,
  activity_type: "FILL",
  transaction_time: toNanoTime(fill.atMs),
  type: fill.leavesQuantity === 0 ? "fill" : "partial_fill",
  price: formatPrice(fill.price),
  qty: formatQuantity(fill.quantity),
  side: fill.side,
  symbol: fill.symbol,
  leaves_qty: formatQuantity(fill.leavesQuantity),
  order_id: fill.orderId,
  cum_qty: formatQuantity(fill.cumulativeQuantity),
  order_status: fill.orderStatus,
});
