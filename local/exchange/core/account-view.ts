import { addMoney, subtractMoney, type Money } from "../../../shared/domain/market/money.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { Quantity } from "../../../shared/domain/market/quantity.ts";
import { markOf } from "./book.ts";
import { averagePrice, type Position } from "./position.ts";
import { bookOf, type ExchangeState } from "./state.ts";
import { leftOf, marketValueOf, valueAccount } from "./valuation.ts";

/** The account as a client sees it; `shortMarketValue` is zero or negative. */
export type AccountView = {
  readonly id: string;
  readonly createdAtMs: number;
  readonly cash: Money;
  readonly equity: Money;
  readonly lastEquity: Money;
  readonly buyingPower: Money;
  readonly longMarketValue: Money;
  readonly shortMarketValue: Money;
  readonly initialMargin: Money;
  readonly maintenanceMargin: Money;
  readonly multiplier: number;
  readonly suspendTrade: boolean;
  readonly noShorting: boolean;
  readonly shortingEnabled: boolean;
};

/** A position as a client sees it; quantity, cost and value are negative when it is short. */
export type PositionView = Position & {
  /** What closing orders do not hold, with the position's sign. */
  readonly availableQuantity: Quantity;
  /** Per share, in millionths of a dollar. */
  readonly averageEntryPrice: Money;
  readonly marketValue: Money;
  readonly currentPrice: Price;
  readonly previousClose: Price;
};

/** Returns the account at current marks; buying power is never shown below zero. */
export const viewAccount = (state: ExchangeState): AccountView => {
  const { account, rules } = state;
  const valuation = valueAccount(state);
  const { longMarketValue, shortMarketValue } = valuation;
  const gross = subtractMoney(longMarketValue, shortMarketValue);
  return {
    id: rules.ids.uuid("account", 1),
    createdAtMs: account.createdAtMs,
    cash: account.cash,
    equity: valuation.equity,
    lastEquity: account.lastEquity,
    buyingPower: Math.max(0, valuation.buyingPower) as Money,
    longMarketValue,
    shortMarketValue,
    initialMargin: portion(gross, 1, rules.multiplier === 1 ? 1 : 2),
    maintenanceMargin: addMoney(
      portion(longMarketValue, 25, 100),
      portion((0 - shortMarketValue) as Money, 30, 100),
    ),
    multiplier: rules.multiplier,
    suspendTrade: account.suspendTrade,
    noShorting: account.noShorting,
    shortingEnabled: rules.shortingEnabled && !account.noShorting,
  };
};

/** Returns a position at its current mark. */
export const viewPosition = (state: ExchangeState, position: Position): PositionView => {
  const { symbol, quantity, costBasis } = position;
  const book = bookOf(state, symbol);
  const mark = markOf(book);
  const available = leftOf(state, position);
  const averageEntryPrice = averageEntryOf(position);
  const currentPrice = mark > 0 ? mark : (Math.round(averageEntryPrice / 100) as Price);
  return {
    symbol,
    quantity,
    costBasis,
    availableQuantity: (quantity < 0 ? 0 - available : available) as Quantity,
    averageEntryPrice,
    marketValue: marketValueOf(position, mark),
    currentPrice,
    previousClose: book.previousClose > 0 ? book.previousClose : currentPrice,
  };
};

/** Returns every position at its current mark. */
export const viewPositions = (state: ExchangeState): readonly PositionView[] => {
  const views: PositionView[] = [];
  for (const position of state.positions.values()) views.push(viewPosition(state, position));
  return views;
};

/** A position never changes, only gives way to its successor: divided once, in long integers. */
const averages = new WeakMap<Position, Money>();

const averageEntryOf = (position: Position): Money => {
  const known = averages.get(position);
  if (known !== undefined) return known;
  const average = averagePrice(position.costBasis, position.quantity);
  averages.set(position, average);
  return average;
};

const portion = (amount: Money, numerator: number, denominator: number): Money =>
  Number((BigInt(amount) * BigInt(numerator)) / BigInt(denominator)) as Money;
