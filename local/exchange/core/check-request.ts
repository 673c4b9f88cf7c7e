import { isWholeShares } from "../../../shared/domain/market/quantity.ts";
import { PRICE_UNITS_PER_USD, type Price } from "../../../shared/domain/market/price.ts";
import type { OrderRequest } from "./order.ts";
import type { Refusal } from "./refusal.ts";

const CLIENT_ORDER_ID_LENGTH_MAX = 128;
const CENT = PRICE_UNITS_PER_USD / 100;

/** Returns why a request is refused whatever the state of the account, or `undefined`. */
export const checkRequest = (request: OrderRequest): Refusal | undefined =>
  checkAmount(request) ??
  checkPrices(request) ??
  checkClass(request) ??
  checkExtendedHours(request) ??
  checkFraction(request);

const checkAmount = (request: OrderRequest): Refusal | undefined => {
  const { quantity, notional, clientOrderId } = request;
  if (clientOrderId !== undefined && clientOrderId.length > CLIENT_ORDER_ID_LENGTH_MAX) {
    return invalid("client_order_id must be no more than 128 characters");
  }
  if (quantity === undefined && notional === undefined)
    return invalid("qty or notional is required");
  if (quantity !== undefined && notional !== undefined) {
    return invalid("only one of qty or notional is accepted");
  }
  if (quantity !== undefined && quantity <= 0) return invalid("qty must be > 0");
  if (notional !== undefined && notional <= 0) return invalid("notional must be > 0");
  return undefined;
};

const checkPrices = (request: OrderRequest): Refusal | undefined => {
  const { type, limitPrice, stopPrice } = request;
  const needsLimit = type === "limit" || type === "stop_limit";
  const needsStop = type === "stop" || type === "stop_limit";
  if (needsLimit && limitPrice === undefined)
    return invalid(`${type} orders require a limit price`);
  if (needsStop && stopPrice === undefined) return invalid(`${type} orders require a stop price`);
  if (!needsLimit && limitPrice !== undefined) {
    return invalid(`${type} orders must not have a limit price`);
  }
  if (!needsStop && stopPrice !== undefined) {
    return invalid(`${type} orders must not have a stop price`);
  }
  return (
    checkTick("limit_price", limitPrice) ??
    checkTick("stop_price", stopPrice) ??
    checkTick("take_profit.limit_price", request.takeProfit?.limitPrice) ??
    checkTick("stop_loss.stop_price", request.stopLoss?.stopPrice) ??
    checkTick("stop_loss.limit_price", request.stopLoss?.limitPrice)
  );
};

/** SEC Rule 612: a cent from one dollar on, a hundredth of it below. */
const checkTick = (field: string, price: Price | undefined): Refusal | undefined => {
  if (price === undefined) return undefined;
  if (price <= 0) return invalid(`${field} must be > 0`);
  if (price < PRICE_UNITS_PER_USD || price % CENT === 0) return undefined;
  return unprocessable(
    `invalid ${field}. sub-penny increment does not fulfill minimum pricing criteria`,
  );
};

const checkClass = (request: OrderRequest): Refusal | undefined => {
  const { takeProfit, stopLoss, timeInForce } = request;
  const orderClass = request.orderClass ?? "simple";
  switch (orderClass) {
    case "simple":
      return takeProfit === undefined && stopLoss === undefined
        ? undefined
        : unprocessable("simple orders must not have take_profit or stop_loss");
    case "bracket":
      if (takeProfit === undefined)
        return unprocessable("bracket orders require take_profit.limit_price");
      if (stopLoss === undefined)
        return unprocessable("bracket orders require stop_loss.stop_price");
      break;
    case "oco":
      if (request.type !== "limit") return unprocessable("oco orders must be limit orders");
      if (stopLoss === undefined) return unprocessable("oco orders require stop_loss.stop_price");
      break;
    case "oto":
      if ((takeProfit === undefined) === (stopLoss === undefined)) {
        return unprocessable("oto orders require one of take_profit or stop_loss");
      }
      break;
  }
  if (timeInForce !== "day" && timeInForce !== "gtc") {
    return unprocessable(`${orderClass} orders must be day or gtc`);
  }
  return checkExitPrices(request);
};

/** Profit must lie beyond the stop on the side that the entry hopes for. */
const checkExitPrices = (request: OrderRequest): Refusal | undefined => {
  const { orderClass, side, limitPrice, stopLoss } = request;
  // The limit of an OCO order is itself the exit at a profit.
  const profitPrice = orderClass === "oco" ? limitPrice : request.takeProfit?.limitPrice;
  const isLong = orderClass === "oco" ? side === "sell" : side === "buy";
  const sign = isLong ? 1 : -1;
  const stopPrice = stopLoss?.stopPrice;
  if (
    profitPrice !== undefined &&
    stopPrice !== undefined &&
    (profitPrice - stopPrice) * sign <= 0
  ) {
    return unprocessable(
      `take_profit.limit_price must be ${isLong ? ">" : "<"} stop_loss.stop_price`,
    );
  }
  return orderClass === "oco" ? undefined : checkExitsAgainstEntry(request, limitPrice);
};

/** Refuses exits on the wrong side of the entry's price, which a market order has at submission. */
export const checkExitsAgainstEntry = (
  request: OrderRequest,
  basePrice: Price | undefined,
): Refusal | undefined => {
  if (basePrice === undefined || basePrice === 0) return undefined;
  const sign = request.side === "buy" ? 1 : -1;
  const profitPrice = request.takeProfit?.limitPrice;
  const stopPrice = request.stopLoss?.stopPrice;
  if (profitPrice !== undefined && (profitPrice - basePrice) * sign < CENT) {
    return unprocessable(
      `take_profit.limit_price must be ${sign > 0 ? ">= base_price + 0.01" : "<= base_price - 0.01"}`,
    );
  }
  if (stopPrice !== undefined && (basePrice - stopPrice) * sign < CENT) {
    return unprocessable(
      `stop_loss.stop_price must be ${sign > 0 ? "<= base_price - 0.01" : ">= base_price + 0.01"}`,
    );
  }
  return undefined;
};

const checkExtendedHours = (request: OrderRequest): Refusal | undefined => {
  if (request.extendedHours !== true) return undefined;
  const { type, timeInForce } = request;
  return type === "limit" && (timeInForce === "day" || timeInForce === "gtc")
    ? undefined
    : unprocessable("extended hours order must be DAY or GTC limit orders");
};

const checkFraction = (request: OrderRequest): Refusal | undefined => {
  const { quantity, notional, timeInForce, orderClass = "simple" } = request;
  if (quantity !== undefined && isWholeShares(quantity)) return undefined;
  if (orderClass !== "simple") return unprocessable("fractional orders must be simple orders");
  if (timeInForce !== "day") return unprocessable("fractional orders must be DAY orders");
  if (notional !== undefined && request.type !== "market") {
    return unprocessable("notional orders must be market orders");
  }
  return undefined;
};

const invalid = (sentence: string): Refusal => ({ type: "InvalidRequest", sentence });

const unprocessable = (sentence: string): Refusal => ({ type: "Unprocessable", sentence });
