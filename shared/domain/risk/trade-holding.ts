import { type Money, notional, subtractMoney, ZERO_USD } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { absoluteQuantity, addQuantities, type Quantity } from "../market/quantity.ts";
import { FLAT, type Holding, isOpen } from "./control-cell.ts";

/** A holding after shares were traded, and the profit that this realized. */
export type TradedHolding = { readonly holding: Holding; readonly realized: Money };

/**
 * Adds signed shares at a price: the average price moves on the way in, profit is realized on the
 * way out, and what goes beyond flat is a new position at the price.
 */
export const tradeHolding = (
  holding: Holding,
  signed: Quantity,
  price: Price,
  nowMs: number,
): TradedHolding => {
  const quantity = addQuantities(holding.quantity, signed);
  if (!isOpen(holding) || Math.sign(holding.quantity) === Math.sign(signed)) {
    const cost = holding.averagePrice ?? price;
    const weight = holding.quantity / quantity;
    const averagePrice = Math.round(cost * weight + price * (1 - weight)) as Price;
    const openedAtMs = holding.openedAtMs ?? nowMs;
    return { holding: { ...holding, quantity, averagePrice, openedAtMs }, realized: ZERO_USD };
  }
  const closed = Math.min(absoluteQuantity(signed), absoluteQuantity(holding.quantity));
  const closedSigned = (Math.sign(holding.quantity) * closed) as Quantity;
  const cost = notional(holding.averagePrice, closedSigned);
  const realized = subtractMoney(notional(price, closedSigned), cost);
  if (quantity === 0) {
    return { holding: { ...FLAT, lastEntryAtMs: holding.lastEntryAtMs }, realized };
  }
  const isFlipped = Math.sign(quantity) !== Math.sign(holding.quantity);
  return {
    holding: isFlipped
      ? { ...holding, quantity, averagePrice: price, openedAtMs: nowMs }
      : { ...holding, quantity },
    realized,
  };
};

/** A cumulative fill: everything so far, and its average price (null while nothing has filled). */
export type CumulativeFill = { readonly quantity: Quantity; readonly averagePrice: Price | null };

/** What filled between two cumulative reports, and its price; `undefined` if nothing did. */
export const fillBetween = (
  before: CumulativeFill,
  after: CumulativeFill,
): { readonly quantity: Quantity; readonly price: Price } | undefined => {
  const increment = after.quantity - before.quantity;
  if (increment <= 0 || after.averagePrice === null) return undefined;
  const quantity = increment as Quantity;
  if (before.averagePrice === null || before.quantity === 0) {
    return { quantity, price: after.averagePrice };
  }
  const earlier = before.averagePrice * (before.quantity / increment);
  const price = Math.round(after.averagePrice * (after.quantity / increment) - earlier) as Price;
  return { quantity, price };
};
