import {
  addMoney,
  notional,
  subtractMoney,
  type Money,
} from "../../../shared/domain/market/money.ts";
import { roundToTick, type Price } from "../../../shared/domain/market/price.ts";
import {
  addQuantities,
  isWholeShares,
  QUANTITY_UNITS_PER_SHARE,
  subtractQuantities,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import type { SplitRatio } from "../../../shared/domain/market/share-split.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { closeBook } from "./book.ts";
import { cancelGroup } from "./cancel-order.ts";
import { isOpen, remainingQuantity, type Order } from "./order.ts";
import {
  bookOf,
  orderOf,
  saveAccount,
  saveOrder,
  savePosition,
  type ExchangeState,
} from "./state.ts";

/** A split or a reverse split of one symbol's shares, before a session. */
export type ShareSplit = SplitRatio & {
  readonly symbol: Ticker;
  /** What becomes of orders that stand over night: brokers do the one or the other. */
  readonly openOrders: "adjusted" | "cancelled";
};

/**
 * Brings position, cost, open orders and the book to the new shares. The value stays; a fraction of
 * a share that a whole position would leave is paid in cash.
 */
export const splitShares = (state: ExchangeState, split: ShareSplit): void => {
  splitBook(state, split);
  splitPosition(state, split);
  for (const { id } of state.open.values()) {
    const order = orderOf(state, id);
    if (order.symbol !== split.symbol || !isOpen(order)) continue;
    if (split.openOrders === "cancelled") cancelGroup(state, order);
    else splitOrder(state, order, split);
  }
};

/** What was on offer before is not any more: nothing fills until the next quote. */
const splitBook = (state: ExchangeState, split: ShareSplit): void => {
  const book = bookOf(state, split.symbol);
  book.bid = splitPrice(book.bid, split);
  book.ask = splitPrice(book.ask, split);
  book.last = splitPrice(book.last, split);
  book.previousClose = splitPrice(book.previousClose, split);
  closeBook(book);
};

const splitPosition = (state: ExchangeState, split: ShareSplit): void => {
  const position = state.positions.get(split.symbol);
  if (position === undefined) return;
  const exact = splitQuantity(position.quantity, split);
  const quantity = isWholeShares(position.quantity) ? wholeShares(exact) : exact;
  const fraction = subtractQuantities(exact, quantity);
  const { last } = bookOf(state, split.symbol);
  saveAccount(state, { cash: addMoney(state.account.cash, notional(last, fraction)) });
  const paidOut =
    exact === 0
      ? position.costBasis
      : (Number((BigInt(position.costBasis) * BigInt(fraction)) / BigInt(exact)) as Money);
  savePosition(state, {
    ...position,
    quantity,
    costBasis: subtractMoney(position.costBasis, paidOut),
  });
};

const splitOrder = (state: ExchangeState, order: Order, split: ShareSplit): void => {
  const remaining = wholeShares(splitQuantity(remainingQuantity(order), split));
  if (remaining === 0) {
    cancelGroup(state, order);
    return;
  }
  saveOrder(state, {
    ...order,
    quantity: addQuantities(order.filledQuantity, remaining),
    limitPrice: order.limitPrice && splitPrice(order.limitPrice, split),
    stopPrice: order.stopPrice && splitPrice(order.stopPrice, split),
    reservePrice: splitPrice(order.reservePrice, split),
    updatedAtMs: state.nowMs,
  });
};

const splitPrice = (price: Price, { newShares, oldShares }: SplitRatio): Price =>
  roundToTick((price * oldShares) / newShares);

const splitQuantity = (quantity: Quantity, { newShares, oldShares }: SplitRatio): Quantity =>
  Number((BigInt(quantity) * BigInt(newShares)) / BigInt(oldShares)) as Quantity;

/** Towards zero, so that nobody holds more than the split gave. */
const wholeShares = (quantity: Quantity): Quantity =>
  subtractQuantities(quantity, (quantity % QUANTITY_UNITS_PER_SHARE) as Quantity);
