import { addMoney, notional, ZERO_USD, type Money } from "../../../shared/domain/market/money.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import {
  addQuantities,
  QUANTITY_UNITS_PER_SHARE,
  ZERO_SHARES,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";

/** What is held of a symbol; quantity and cost are negative for a short position. */
export type Position = {
  readonly symbol: Ticker;
  readonly quantity: Quantity;
  /** What the shares now held cost, at the average of the entries. */
  readonly costBasis: Money;
};

/** No position in a symbol. */
export const flatPosition = (symbol: Ticker): Position => ({
  symbol,
  quantity: ZERO_SHARES,
  costBasis: ZERO_USD,
});

/** Returns the position after `change` shares (negative when sold) trade at `price`. */
export const applyFillToPosition = (
  position: Position,
  change: Quantity,
  price: Price,
): Position => {
  const quantity = addQuantities(position.quantity, change);
  if (position.quantity === 0 || Math.sign(position.quantity) === Math.sign(change)) {
    const costBasis = addMoney(position.costBasis, notional(price, change));
    return { ...position, quantity, costBasis };
  }
  if (quantity !== 0 && Math.sign(quantity) !== Math.sign(position.quantity)) {
    // Sold through zero: what is left was all entered at this price.
    return { ...position, quantity, costBasis: notional(price, quantity) };
  }
  return { ...position, quantity, costBasis: scaleMoney(position.costBasis, quantity, position) };
};

/** The average price per share, in millionths of a dollar. */
export const averagePrice = (total: Money, quantity: Quantity): Money => {
  if (quantity === 0) return ZERO_USD;
  const scaled = BigInt(total) * BigInt(QUANTITY_UNITS_PER_SHARE);
  return Number(scaled / BigInt(quantity)) as Money;
};

const scaleMoney = (amount: Money, part: Quantity, whole: Position): Money =>
  Number((BigInt(amount) * BigInt(part)) / BigInt(whole.quantity)) as Money;
