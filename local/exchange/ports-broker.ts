import * as z from "zod";
import { marketPhase, nextSession } from "../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import type { Price } from "../../shared/domain/market/price.ts";
import { absoluteQuantity } from "../../shared/domain/market/quantity.ts";
import type {
  BrokerOrder,
  BrokerOrderStatus,
  BrokerPosition,
} from "../../shared/domain/orders/broker-state.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import { closingIntentOf } from "../../shared/domain/orders/position-intent.ts";
import { err, ok } from "../../shared/domain/result.ts";
import type { Broker, BrokerClock, SubmitOutcome } from "../../shared/ports/broker.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import { refusalAnswer } from "./api/refusal-answer.ts";
import type { PositionView } from "./core/account-view.ts";
import type { Exchange } from "./core/exchange.ts";
import type { Order, OrderRequest, OrderStatus } from "./core/order.ts";
import { averagePrice } from "./core/position.ts";
import type { Refusal } from "./core/refusal.ts";

const OPEN_ORDERS_MAX = 10_000;
const ORDERS_MAX = 100_000;
const MONEY_UNITS_PER_PRICE_UNIT = 100;

/** The broker of an exchange in the same process: every answer arrives, at once, as of `clock`. */
export const createExchangeBroker = (exchange: Exchange, clock: Clock): Broker => ({
  submitOrder: async ({ order: intent }, deadlineMs) => {
    if (!(deadlineMs > 0)) return { type: "notSent", detail: "No time was left to send it." };
    const submitted = exchange.submitOrder(requestOf(intent), clock.nowMs());
    return submitted.ok
      ? { type: "acknowledged", order: withLegs(exchange, submitted.value) }
      : meaningOf(submitted.error, exchange);
  },
  findOrder: async (clientOrderId) => {
    exchange.advance(clock.nowMs());
    const order = find(exchange, clientOrderId);
    return ok(order === undefined ? { type: "notFound" } : { type: "found", order });
  },
  findOrders: createFindOrders(exchange, clock),
  listOpenOrders: createListOpenOrders(exchange, clock),
  listOrders: async (sinceMs) => {
    exchange.advance(clock.nowMs());
    const listed = exchange.listOrders({
      status: "all",
      limit: ORDERS_MAX,
      direction: "asc",
      afterMs: sinceMs - 1,
      isNested: true,
    });
    return ok(listed.map((order) => withLegs(exchange, order)));
  },
  listPositions: async () => {
    exchange.advance(clock.nowMs());
    return ok(exchange.listPositions().map(toBrokerPosition));
  },
  readAccount: async () => {
    exchange.advance(clock.nowMs());
    const account = exchange.getAccount();
    return ok({
      equity: account.equity,
      lastEquity: account.lastEquity,
      cash: account.cash,
      buyingPower: account.buyingPower,
      isBlocked: account.suspendTrade,
      canShort: account.shortingEnabled,
    });
  },
  readClock: async () => ok(clockAt(clock.nowMs())),
  listExecutions: async (sinceMs) => {
    exchange.advance(clock.nowMs());
    const all = exchange.listFills();
    // They stand in the order of time, and what is asked for are the last ones.
    const fills = all.slice(all.findLastIndex(({ atMs }) => atMs < sinceMs) + 1);
    return ok(
      fills.map(({ executionId, orderId, quantity, price, atMs }) => ({
        executionId,
        brokerOrderId: orderId,
        quantity,
        price,
        atMs,
      })),
    );
  },
  cancelOrder: async (brokerOrderId) => {
    const canceled = exchange.cancelOrder(brokerOrderId, clock.nowMs());
    // Over already, or its end is under way: the order itself tells.
    if (canceled.ok || canceled.error.type === "NotCancelable") return ok(undefined);
    return err(faultOf(canceled.error));
  },
  suspendTrading: async () => {
    exchange.switchAccount({ suspendTrade: true }, clock.nowMs());
    return ok(undefined);
  },
});

/** Writes the list of open orders anew only where an order has changed since it was asked for. */
const createListOpenOrders = (exchange: Exchange, clock: Clock): Broker["listOpenOrders"] => {
  let listed: { readonly revision: number; readonly orders: readonly BrokerOrder[] } | undefined;
  return async () => {
    exchange.advance(clock.nowMs());
    const revision = exchange.orderRevision();
    if (listed?.revision !== revision) {
      const query = { status: "open", limit: OPEN_ORDERS_MAX, direction: "asc" } as const;
      const orders = exchange.listOrders(query).map((order) => toBrokerOrder(order, NO_LEGS));
      listed = { revision, orders };
    }
    return ok(listed.orders);
  };
};

/** What was written of an order is told again until it, or a leg of it, has changed. */
const createFindOrders = (exchange: Exchange, clock: Clock): Broker["findOrders"] => {
  let revision = 0;
  let known: ReadonlyMap<string, BrokerOrder> = new Map();
  return async (asked) => {
    exchange.advance(clock.nowMs());
    const changed = exchange.ordersChangedSince(revision);
    revision = exchange.orderRevision();
    const fresh = changed === undefined ? new Map<string, BrokerOrder>() : known;
    const stale = new Set(changed?.map((id) => exchange.getOrder(id)?.clientOrderId));
    const found = new Map<string, BrokerOrder>();
    for (const { clientOrderId } of asked) {
      const last = stale.has(clientOrderId) ? undefined : fresh.get(clientOrderId);
      const told = last ?? find(exchange, clientOrderId);
      if (told !== undefined) found.set(clientOrderId, told);
    }
    // Only what was asked for last is kept: orders that are over are not asked for again.
    known = found;
    return ok(found);
  };
};

const find = (exchange: Exchange, clientOrderId: string): BrokerOrder | undefined => {
  const order = exchange.getOrderByClientOrderId(clientOrderId);
  return order === undefined ? undefined : withLegs(exchange, order);
};

const NO_LEGS: readonly Order[] = [];

/**
 * The order as the exchange takes it: regular hours only. A bracket is good till cancelled, so that
 * its stop outlives a system that is dead at the close; everything else is good for the day.
 */
const requestOf = (intent: OrderIntent): OrderRequest => ({
  symbol: intent.symbol,
  side: intent.side,
  type: intent.pricing.type,
  timeInForce: intent.protection === null ? "day" : "gtc",
  quantity: intent.quantity,
  limitPrice: intent.pricing.type === "limit" ? intent.pricing.limitPrice : undefined,
  clientOrderId: intent.clientOrderId,
  positionIntent: closingIntentOf(intent),
  ...(intent.protection === null
    ? {}
    : {
        orderClass: "bracket",
        stopLoss: { stopPrice: intent.protection.stopPrice },
        takeProfit: { limitPrice: intent.protection.targetPrice },
      }),
});

/** The codes and words are those of the wire, so that a reason reads the same in every world. */
const meaningOf = (refusal: Refusal, exchange: Exchange): SubmitOutcome => {
  const { code, detail } = wordsOf(refusal);
  if (refusal.type !== "DuplicateClientOrderId") return { type: "rejected", code, detail };
  const order = exchange.getOrderByClientOrderId(refusal.clientOrderId);
  return order === undefined
    ? { type: "unknown", detail }
    : { type: "alreadyExists", order: withLegs(exchange, order) };
};

const wordsOf = (refusal: Refusal): { readonly code: string; readonly detail: string } => {
  const { status, body } = refusalAnswer(refusal);
  const { code, message } = RefusalBody.parse(body);
  return { code: code.toString(), detail: `${status}: ${message}` };
};

const RefusalBody = z.object({ code: z.int(), message: z.string() });

const faultOf = (refusal: Refusal): VendorFault => ({
  type: "VendorFault",
  vendor: "exchange",
  class: "UNKNOWN",
  detail: wordsOf(refusal).detail,
});

const withLegs = (exchange: Exchange, order: Order): BrokerOrder =>
  toBrokerOrder(
    order,
    order.legIds.flatMap((id) => exchange.getOrder(id) ?? []),
  );

/** Writes an order of the exchange, with the legs that are given, as the broker port has it. */
const toBrokerOrder = (order: Order, legs: readonly Order[]): BrokerOrder => ({
  brokerOrderId: order.id,
  clientOrderId: order.clientOrderId,
  symbol: order.symbol,
  side: order.side,
  quantity: order.quantity,
  pricing: order.type === "market" || order.type === "limit" ? order.type : "other",
  limitPrice: order.limitPrice ?? null,
  status: STATUSES[order.status],
  statusText: order.status,
  filled: order.filledQuantity,
  averagePrice: averagePriceOf(order),
  submittedAtMs: order.createdAtMs,
  legs: legs.map((leg) => ({
    brokerOrderId: leg.id,
    role: leg.role === "stopLoss" ? "stop" : "target",
    quantity: leg.quantity,
    status: STATUSES[leg.status],
    statusText: leg.status,
    filled: leg.filledQuantity,
    averagePrice: averagePriceOf(leg),
    price: leg.stopPrice ?? leg.limitPrice ?? null,
  })),
});

const averagePriceOf = (order: Order): Price | null =>
  order.filledQuantity === 0
    ? null
    : moneyToPrice(averagePrice(order.filledNotional, order.filledQuantity));

const STATUSES: Readonly<Record<OrderStatus, BrokerOrderStatus>> = {
  accepted: "pending",
  pending_new: "pending",
  held: "pending",
  new: "working",
  pending_cancel: "working",
  partially_filled: "partiallyFilled",
  filled: "filled",
  canceled: "cancelled",
  expired: "expired",
  replaced: "replaced",
};

const toBrokerPosition = (position: PositionView): BrokerPosition => ({
  symbol: position.symbol,
  quantity: position.quantity,
  averagePrice: moneyToPrice(position.averageEntryPrice),
  available: absoluteQuantity(position.availableQuantity),
  currentPrice: position.currentPrice > 0 ? position.currentPrice : null,
});

/** An average is finer than a price; it is rounded as the wire's text is. */
const moneyToPrice = (perShare: number): Price =>
  Math.round(perShare / MONEY_UNITS_PER_PRICE_UNIT) as Price;

const clockAt = (nowMs: number): BrokerClock => {
  const { phase, session } = marketPhase(nowMs);
  const next = nextSession(epochMsToNewYork(nowMs).date);
  const isBefore = session !== undefined && nowMs < session.opensAtMs;
  const isOver = session === undefined || nowMs >= session.closesAtMs;
  return {
    atMs: nowMs,
    isOpen: phase === "open",
    nextOpenMs: isBefore ? session.opensAtMs : next.opensAtMs,
    nextCloseMs: isOver ? next.closesAtMs : session.closesAtMs,
  };
};
