import type { Price } from "../../../shared/domain/market/price.ts";
import {
  QUANTITY_UNITS_PER_SHARE,
  ZERO_SHARES,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import { ZERO_USD } from "../../../shared/domain/market/money.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import { checkExitsAgainstEntry, checkRequest } from "./check-request.ts";
import { checkRisk, intentOf, marketPriceOf, reservePriceOf } from "./check-risk.ts";
import { cancelGroup } from "./cancel-order.ts";
import { matchOrder } from "./match-book.ts";
import { oppositeSide, isOpen, type Order, type OrderRequest, type OrderRole } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { bookOf, orderOf, saveAccount, saveOrder, type ExchangeState } from "./state.ts";
import { timeOrder, type OrderTiming } from "./timing.ts";

/** A quote older than this does not fill a new order; the next quote does. */
const QUOTE_AGE_MAX_MS = 300_000;

/**
 * Takes an order or refuses it. What is returned is the order as accepted (`pending_new`, or
 * `accepted` when it waits for a session); it may have filled meanwhile, as at the real broker.
 */
export const submitOrder = (
  state: ExchangeState,
  request: OrderRequest,
): Result<Order, Refusal> => {
  const checked = checkSubmission(state, request);
  if (!checked.ok) return checked;
  const accepted = createOrders(state, request, checked.value);
  activateOrder(state, accepted);
  return ok(accepted);
};

/** What a request becomes once nothing speaks against it. */
export type Terms = {
  readonly quantity: Quantity;
  readonly reservePrice: Price;
  readonly timing: OrderTiming;
};

const checkSubmission = (state: ExchangeState, request: OrderRequest): Result<Terms, Refusal> => {
  const refusal = checkRequest(request);
  if (refusal !== undefined) return err(refusal);
  const { symbol, clientOrderId } = request;
  if (clientOrderId !== undefined && state.orderIdsByClientOrderId.has(clientOrderId)) {
    return err({ type: "DuplicateClientOrderId", clientOrderId });
  }
  if (!state.rules.isKnownSymbol(symbol)) return err({ type: "AssetNotFound", symbol });
  const timing = timeOrder(request.timeInForce, request.extendedHours === true, state.nowMs);
  if (!timing.ok) return timing;
  const reservePrice = reservePriceOf(state, request);
  const quantity = quantityOf(request, marketPriceOf(state, symbol));
  if (reservePrice === undefined || quantity === undefined) {
    return err({ type: "Unprocessable", sentence: `no market price is known for ${symbol}` });
  }
  const basePrice = request.limitPrice ?? sidePriceOf(state, request);
  const badExit =
    request.orderClass === "oco" ? undefined : checkExitsAgainstEntry(request, basePrice);
  if (badExit !== undefined) return err(badExit);
  const intent = intentOf(state, request);
  const specified = request.positionIntent ?? intent;
  if (specified !== intent) {
    const sentence = `position intent mismatch, inferred: ${intent}, specified: ${specified}`;
    return err({ type: "Unprocessable", sentence });
  }
  const risk = checkRisk(state, request, quantity, intent, reservePrice);
  return risk === undefined ? ok({ quantity, reservePrice, timing: timing.value }) : err(risk);
};

const sidePriceOf = (state: ExchangeState, request: OrderRequest): Price => {
  const { ask, bid } = bookOf(state, request.symbol);
  return request.side === "buy" ? ask : bid;
};

/** An order by value buys as much as the value covers at the market's price. */
const quantityOf = (request: OrderRequest, marketPrice: Price): Quantity | undefined => {
  if (request.quantity !== undefined) return request.quantity;
  if (request.notional === undefined || marketPrice === 0) return undefined;
  // Money [1e-6 USD] / price [1e-4 USD] = 1/100 share.
  const units =
    (BigInt(request.notional) * BigInt(QUANTITY_UNITS_PER_SHARE)) / (BigInt(marketPrice) * 100n);
  return units > 0n ? (Number(units) as Quantity) : undefined;
};

/** Saves the order and the legs of its group. */
const createOrders = (state: ExchangeState, request: OrderRequest, terms: Terms): Order => {
  const orderClass = request.orderClass ?? "simple";
  const isPair = orderClass === "oco";
  const role = orderClass === "simple" ? "single" : isPair ? "takeProfit" : "entry";
  const order = saveOrder(state, {
    ...createOrder(state, request, terms, role),
    status: terms.timing.activeFromMs <= state.nowMs ? "pending_new" : "accepted",
  });
  if (orderClass === "simple") return order;
  const { takeProfit, stopLoss } = request;
  const exitSide = isPair ? request.side : oppositeSide(request.side);
  const exit = {
    symbol: request.symbol,
    side: exitSide,
    timeInForce: request.timeInForce,
    orderClass,
  } as const;
  const legs: Order[] = [];
  const addLeg = (leg: OrderRequest, legRole: OrderRole): void => {
    const held = { ...createOrder(state, leg, terms, legRole), parentId: order.id };
    legs.push(saveOrder(state, { ...held, status: "held" }));
  };
  if (takeProfit !== undefined && !isPair) {
    addLeg({ ...exit, type: "limit", limitPrice: takeProfit.limitPrice }, "takeProfit");
  }
  if (stopLoss !== undefined) {
    const type = stopLoss.limitPrice === undefined ? "stop" : "stop_limit";
    addLeg({ ...exit, type, ...stopLoss }, "stopLoss");
  }
  return linkGroup(state, order, legs);
};

const linkGroup = (state: ExchangeState, order: Order, legs: readonly Order[]): Order => {
  const [first, second] = legs;
  if (first !== undefined && second !== undefined) {
    saveOrder(state, { ...first, siblingId: second.id });
    saveOrder(state, { ...second, siblingId: first.id });
  }
  const isPair = order.role === "takeProfit";
  if (isPair && first !== undefined) saveOrder(state, { ...first, siblingId: order.id });
  return saveOrder(state, {
    ...order,
    legIds: legs.map(({ id }) => id),
    siblingId: isPair ? first?.id : undefined,
  });
};

/** A new order from a request, not yet saved, but counted. */
export const createOrder = (
  state: ExchangeState,
  request: OrderRequest,
  terms: Terms,
  role: OrderRole,
): Order => {
  const sequence = state.account.orderSequence + 1;
  saveAccount(state, { orderSequence: sequence });
  const isLeg = role === "takeProfit" || role === "stopLoss";
  const closingIntent = request.side === "buy" ? "buy_to_close" : "sell_to_close";
  return {
    id: state.rules.ids.uuid("order", sequence),
    sequence,
    clientOrderId: request.clientOrderId ?? state.rules.ids.uuid("client-order", sequence),
    symbol: request.symbol,
    side: request.side,
    type: request.type,
    timeInForce: request.timeInForce,
    orderClass: request.orderClass ?? "simple",
    role,
    positionIntent: isLeg ? closingIntent : intentOf(state, request),
    quantity: terms.quantity,
    notional: request.notional,
    limitPrice: request.limitPrice,
    stopPrice: request.stopPrice,
    extendedHours: request.extendedHours === true,
    status: "pending_new",
    filledQuantity: ZERO_SHARES,
    filledNotional: ZERO_USD,
    isTriggered: false,
    reservePrice: terms.reservePrice,
    parentId: undefined,
    legIds: [],
    siblingId: undefined,
    replaces: undefined,
    replacedBy: undefined,
    createdAtMs: state.nowMs,
    updatedAtMs: state.nowMs,
    filledAtMs: undefined,
    canceledAtMs: undefined,
    expiredAtMs: undefined,
    replacedAtMs: undefined,
    activeFromMs: terms.timing.activeFromMs,
    expiresAtMs: terms.timing.expiresAtMs,
    cancelDueAtMs: undefined,
  };
};

/** Puts an accepted order to work if its time has come, and fills it against a fresh quote. */
export const activateOrder = (state: ExchangeState, order: Order): void => {
  if (order.activeFromMs > state.nowMs) return;
  const working = saveOrder(state, { ...order, status: "new", updatedAtMs: state.nowMs });
  if (working.role === "takeProfit") releasePairedStop(state, working);
  const book = bookOf(state, order.symbol);
  const isFresh = state.nowMs - book.quotedAtMs <= QUOTE_AGE_MAX_MS;
  if (isFresh && order.timeInForce !== "cls" && working.filledQuantity < working.quantity) {
    matchOrder(state, book, working);
  }
  const isImmediate = order.timeInForce === "ioc" || order.timeInForce === "fok";
  const after = orderOf(state, order.id);
  if (isImmediate && isOpen(after)) cancelGroup(state, after);
};

/** The stop of an OCO pair works from the moment that its limit order does. */
const releasePairedStop = (state: ExchangeState, order: Order): void => {
  for (const legId of order.legIds) {
    const leg = orderOf(state, legId);
    if (leg.status === "held") {
      saveOrder(state, { ...leg, status: "new", activeFromMs: order.activeFromMs });
    }
  }
};
