import {
  addMoney,
  notional,
  subtractMoney,
  ZERO_USD,
  type Money,
} from "../../../shared/domain/market/money.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import {
  absoluteQuantity,
  addQuantities,
  subtractQuantities,
  ZERO_SHARES,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { markOf } from "./book.ts";
import { isOpening, remainingQuantity, type Order } from "./order.ts";
import type { Position } from "./position.ts";
import { bookOf, type ExchangeState, type OpenSums, positionOf } from "./state.ts";

/** The account at current marks. `buyingPower` can be negative after the market moved. */
export type Valuation = {
  readonly equity: Money;
  readonly longMarketValue: Money;
  /** Zero or negative. */
  readonly shortMarketValue: Money;
  readonly reserved: Money;
  readonly buyingPower: Money;
};

/** Values every position at its mark and subtracts what open orders reserve. */
export const valueAccount = (state: ExchangeState): Valuation => {
  let longMarketValue = ZERO_USD;
  let shortMarketValue = ZERO_USD;
  for (const position of state.positions.values()) {
    const value = marketValueOf(position, markOf(bookOf(state, position.symbol)));
    if (value > 0) longMarketValue = addMoney(longMarketValue, value);
    else shortMarketValue = addMoney(shortMarketValue, value);
  }
  const { reserved } = openSumsOf(state);
  const { cash } = state.account;
  const equity = addMoney(cash, addMoney(longMarketValue, shortMarketValue));
  const { multiplier } = state.rules;
  // Regulation T: what is held ties up 1/multiplier of its size; a cash account spends cash alone.
  const gross = subtractMoney(longMarketValue, shortMarketValue);
  const before = multiplier === 1 ? cash : subtractMoney((equity * multiplier) as Money, gross);
  return {
    equity,
    longMarketValue,
    shortMarketValue,
    reserved,
    buyingPower: subtractMoney(before, reserved),
  };
};

/** What a position is worth at its symbol's mark; at cost while no price has been seen (0). */
export const marketValueOf = (position: Position, mark: Price): Money =>
  mark > 0 ? notional(mark, position.quantity) : position.costBasis;

/** What an open order takes from the buying power; held legs and closing orders take nothing. */
const reservationOf = (order: Order): Money =>
  isOpening(order) && order.status !== "held"
    ? notional(order.reservePrice, remainingQuantity(order))
    : ZERO_USD;

/** Shares of a position that open closing orders hold, with the ids of those orders. */
export type HeldShares = {
  readonly held: Quantity;
  readonly available: Quantity;
  readonly orderIds: readonly string[];
};

/** Counts what closing orders hold of a position; of a pair of exits only one can fill. */
export const heldSharesOf = (state: ExchangeState, symbol: Ticker): HeldShares => {
  let held = ZERO_SHARES;
  const orderIds: string[] = [];
  for (const order of state.open.values()) {
    if (order.symbol !== symbol || !isHolding(order)) continue;
    orderIds.push(order.id);
    held = addQuantities(held, heldBy(state, order));
  }
  const { quantity } = positionOf(state, symbol);
  return { held, available: freeOf(quantity, held), orderIds };
};

/** What closing orders leave of a position, by what all of them were found to hold. */
export const leftOf = (state: ExchangeState, { symbol, quantity }: Position): Quantity =>
  freeOf(quantity, openSumsOf(state).held.get(symbol) ?? ZERO_SHARES);

/** One look at all open orders answers all who ask between two changes of an order. */
const openSumsOf = (state: ExchangeState): OpenSums => {
  state.openSums ??= sumOpen(state);
  return state.openSums;
};

const sumOpen = (state: ExchangeState): OpenSums => {
  let reserved = ZERO_USD;
  const held = new Map<Ticker, Quantity>();
  for (const order of state.open.values()) {
    reserved = addMoney(reserved, reservationOf(order));
    if (!isHolding(order)) continue;
    const { symbol } = order;
    held.set(symbol, addQuantities(held.get(symbol) ?? ZERO_SHARES, heldBy(state, order)));
  }
  return { reserved, held };
};

const isHolding = (order: Order): boolean => !isOpening(order) && order.status !== "held";

const heldBy = (state: ExchangeState, order: Order): Quantity => {
  const isSecondOfPair =
    order.role === "stopLoss" && order.siblingId !== undefined && state.open.has(order.siblingId);
  return isSecondOfPair ? ZERO_SHARES : remainingQuantity(order);
};

const freeOf = (position: Quantity, held: Quantity): Quantity => {
  const free = subtractQuantities(absoluteQuantity(position), held);
  return free > 0 ? free : ZERO_SHARES;
};
