import { marketPhase, type MarketPhase } from "../../../shared/domain/market/calendar.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import {
  isWholeShares,
  minQuantity,
  QUANTITY_UNITS_PER_SHARE,
  ZERO_SHARES,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import { leftFor, takeShares, type Book } from "./book.ts";
import { bookFill } from "./book-fill.ts";
import { remainingQuantity, type Order } from "./order.ts";
import { saveOrder, type ExchangeState } from "./state.ts";

/** Fills what the book's quote can fill, in the order of acceptance. */
export const matchBook = (state: ExchangeState, book: Book): void => {
  if (!book.isWorked) return;
  const { phase } = marketPhase(state.nowMs);
  if (phase === "closed") return;
  for (const order of book.working.values()) {
    if (mayMatch(order, phase, state.nowMs)) matchOrder(state, book, order);
  }
};

const mayMatch = (order: Order, phase: MarketPhase, nowMs: number): boolean => {
  if (nowMs < order.activeFromMs || nowMs >= order.expiresAtMs) return false;
  if (order.timeInForce === "cls") return false;
  return phase === "open" || order.extendedHours;
};

/** Fills one order as far as the quote allows; triggers its stop first. Returns what it became. */
export const matchOrder = (state: ExchangeState, book: Book, order: Order): Order => {
  const ready = triggerStop(state, book, order);
  if (isWaitingForStop(ready)) return ready;
  const price = priceFor(book, ready);
  if (price === undefined) return ready;
  const quantity = quantityFor(state, book, ready);
  if (quantity <= 0) return ready;
  if (ready.timeInForce === "fok" && quantity < remainingQuantity(ready)) return ready;
  takeShares(book, ready.side, quantity);
  return bookFill(state, ready, quantity, price);
};

const isWaitingForStop = (order: Order): boolean =>
  (order.type === "stop" || order.type === "stop_limit") && !order.isTriggered;

const triggerStop = (state: ExchangeState, book: Book, order: Order): Order => {
  if (!isWaitingForStop(order) || order.stopPrice === undefined) return order;
  // A bad tick (no bid, no ask, crossed) must not set off stops.
  if (book.bid <= 0 || book.ask <= 0 || book.bid > book.ask) return order;
  const isReached =
    order.side === "buy" ? book.ask >= order.stopPrice : book.bid <= order.stopPrice;
  if (!isReached) return order;
  return saveOrder(state, { ...order, isTriggered: true, updatedAtMs: state.nowMs });
};

/** The price at which the order trades now: the other side of the quote, if its limit allows. */
const priceFor = (book: Book, order: Order): Price | undefined => {
  const price = order.side === "buy" ? book.ask : book.bid;
  if (price <= 0) return undefined;
  const { limitPrice } = order;
  if (limitPrice === undefined) return price;
  const isAllowed = order.side === "buy" ? price <= limitPrice : price >= limitPrice;
  return isAllowed ? price : undefined;
};

const quantityFor = (state: ExchangeState, book: Book, order: Order): Quantity => {
  const left = leftFor(book, order.side);
  const offered = state.offerShares(order, left);
  const quantity = minQuantity(minQuantity(offered, left), remainingQuantity(order));
  if (quantity <= 0) return ZERO_SHARES;
  return isWholeShares(order.quantity) ? toWholeShares(quantity) : quantity;
};

const toWholeShares = (quantity: Quantity): Quantity =>
  (quantity - (quantity % QUANTITY_UNITS_PER_SHARE)) as Quantity;
