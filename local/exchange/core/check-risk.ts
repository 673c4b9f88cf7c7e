import { notional } from "../../../shared/domain/market/money.ts";
import { priceToFloat, type Price } from "../../../shared/domain/market/price.ts";
import {
  absoluteQuantity,
  quantityToFloat,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { bookOf, positionOf, type ExchangeState } from "./state.ts";
import { oppositeSide, type Order, type OrderRequest, type PositionIntent } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { heldSharesOf, valueAccount } from "./valuation.ts";

const ORDER_VALUE_USD_MAX = 1_000_000_000;

/** A request's effect on the position, from what is held when it comes in. */
export const intentOf = (state: ExchangeState, request: OrderRequest): PositionIntent => {
  const { quantity } = positionOf(state, request.symbol);
  if (request.side === "buy") return quantity < 0 ? "buy_to_close" : "buy_to_open";
  return quantity > 0 ? "sell_to_close" : "sell_to_open";
};

/** Returns why the account cannot carry the order, or `undefined`. */
export const checkRisk = (
  state: ExchangeState,
  request: OrderRequest,
  quantity: Quantity,
  intent: PositionIntent,
  reservePrice: Price,
): Refusal | undefined => {
  if (state.account.suspendTrade) return { type: "TradingSuspended" };
  const refusal = checkWashTrade(state, request);
  if (refusal !== undefined) return refusal;
  if (intent === "buy_to_close" || intent === "sell_to_close") {
    return checkAvailable(state, request, quantity);
  }
  if (request.orderClass === "oco") {
    // Both legs of an OCO order are exits, and there is nothing to exit.
    return checkAvailable(state, request, quantity);
  }
  const isShortAllowed = state.rules.shortingEnabled && !state.account.noShorting;
  if (intent === "sell_to_open" && !isShortAllowed) return { type: "ShortingNotAllowed" };
  if (!isRepresentable(reservePrice, quantity)) {
    return { type: "Unprocessable", sentence: "the value of the order is too large" };
  }
  const { buyingPower } = valueAccount(state);
  const costBasis = notional(reservePrice, quantity);
  return costBasis > buyingPower
    ? { type: "InsufficientBuyingPower", buyingPower, costBasis }
    : undefined;
};

/**
 * Whether money can hold the order's value: beyond it nothing could be reserved, let alone paid.
 */
const isRepresentable = (price: Price, quantity: Quantity): boolean =>
  priceToFloat(price) * quantityToFloat(quantity) < ORDER_VALUE_USD_MAX;

const checkAvailable = (
  state: ExchangeState,
  request: OrderRequest,
  requested: Quantity,
): Refusal | undefined => {
  const { symbol } = request;
  const { held, available, orderIds } = heldSharesOf(state, symbol);
  if (requested <= available) return undefined;
  return {
    type: "InsufficientQuantity",
    symbol,
    requested,
    available,
    existing: absoluteQuantity(positionOf(state, symbol).quantity),
    heldForOrders: held,
    relatedOrders: orderIds,
  };
};

/** Refuses an order that could trade with the account's own order on the other side. */
const checkWashTrade = (state: ExchangeState, request: OrderRequest): Refusal | undefined => {
  // Alpaca's way out is "use complex orders": an entry that brings its exits is let through.
  if (request.orderClass === "bracket" || request.orderClass === "oto") return undefined;
  for (const order of state.open.values()) {
    if (order.symbol !== request.symbol || order.side !== oppositeSide(request.side)) continue;
    if (order.status === "held") continue;
    const rejectReason = washTradeReason(request, order);
    if (rejectReason !== undefined) {
      return { type: "WashTrade", existingOrderId: order.id, rejectReason };
    }
  }
  return undefined;
};

const washTradeReason = (request: OrderRequest, existing: Order): string | undefined => {
  if (existing.type !== "limit") return "opposite side market/stop order exists";
  const { limitPrice } = request;
  if (request.type !== "limit" || limitPrice === undefined) {
    return "opposite side limit order exists";
  }
  const isCrossing =
    request.side === "buy"
      ? limitPrice >= (existing.limitPrice ?? 0)
      : limitPrice <= (existing.limitPrice ?? Infinity);
  return isCrossing ? "opposite side limit order exists" : undefined;
};

/** What a share costs now as far as is known: ask, else last trade, else last close, else 0. */
export const marketPriceOf = (state: ExchangeState, symbol: Ticker): Price => {
  const { ask, last, previousClose } = bookOf(state, symbol);
  if (ask > 0) return ask;
  return last > 0 ? last : previousClose;
};

/**
 * What one share of an order reserves: its limit, or 3 % beyond the market; `undefined` if unknown.
 */
export const reservePriceOf = (state: ExchangeState, request: OrderRequest): Price | undefined => {
  const limitPrice = request.limitPrice ?? 0;
  if (request.side === "buy" && limitPrice > 0) return limitPrice as Price;
  const marketPrice = marketPriceOf(state, request.symbol);
  const price = Math.max(limitPrice, withMargin(marketPrice), withMargin(request.stopPrice ?? 0));
  return price > 0 ? (price as Price) : undefined;
};

// In whole numbers: 1.03 as a float would make the reservation differ by its rounding.
const withMargin = (price: number): number => Math.ceil((price * 103) / 100);
