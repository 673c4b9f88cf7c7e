import { addMoney, notional, subtractMoney, type Money, ZERO_USD } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { absoluteQuantity, type Quantity, ZERO_SHARES } from "../market/quantity.ts";
import type { Ticker } from "../market/ticker.ts";
import { type ControlCell, protectedBy, remainingOf } from "./control-cell.ts";

/** What a symbol could come to if everything that is working or reserved filled. */
export type SymbolExposure = {
  /** The signed position now. */
  readonly held: Quantity;
  /** Working or reserved entry buys and sells, unsigned. */
  readonly entryBuys: Quantity;
  readonly entrySells: Quantity;
  /** Working or reserved exits, unsigned. */
  readonly exits: Quantity;
  /** What the brackets at the broker may close by themselves, unsigned. */
  readonly protected: Quantity;
  /** An entry that the broker has and that may still fill. */
  readonly hasWorkingEntry: boolean;
  /** A claim in the symbol whose answer was lost. */
  readonly hasUnknown: boolean;
};

/** Sums a symbol's position and claims. */
export const exposureOf = (cell: ControlCell, symbol: Ticker): SymbolExposure => {
  let entryBuys = 0;
  let entrySells = 0;
  let exits = 0;
  let underProtection = 0;
  let hasWorkingEntry = false;
  let hasUnknown = false;
  for (const id in cell.inFlight) {
    const claim = cell.inFlight[id];
    if (claim === undefined || claim.symbol !== symbol) continue;
    if (claim.stage === "unknown") hasUnknown = true;
    if (claim.purpose === "entry" && claim.stage === "working") hasWorkingEntry = true;
    underProtection += protectedBy(claim);
    if (claim.purpose === "exit") exits += remainingOf(claim);
    else if (claim.side === "buy") entryBuys += remainingOf(claim);
    else entrySells += remainingOf(claim);
  }
  return {
    held: cell.holdings[symbol]?.quantity ?? ZERO_SHARES,
    entryBuys: entryBuys as Quantity,
    entrySells: entrySells as Quantity,
    exits: exits as Quantity,
    protected: underProtection as Quantity,
    hasWorkingEntry,
    hasUnknown,
  };
};

/**
 * The most that could be at risk over all symbols: each position at its average price or the
 * given price, plus every unsettled entry at its worst price. Exits never reduce it before they fill.
 */
export const portfolioExposure = (cell: ControlCell, symbol: Ticker, price: Price): Money => {
  let total = ZERO_USD;
  for (const held in cell.holdings) {
    const holding = cell.holdings[held];
    if (holding === undefined || holding.quantity === 0) continue;
    total = addMoney(
      total,
      notional(holding.averagePrice ?? price, absoluteQuantity(holding.quantity)),
    );
  }
  // The symbol's own price is looked at once, outside the loop, which is the guard's longest.
  return addMoney(addMoney(total, riseOf(cell, symbol, price)), reservedBuyingPower(cell));
};

/** What the position in a symbol is worth above its cost at `price`; nothing below it. */
const riseOf = (cell: ControlCell, symbol: Ticker, price: Price): Money => {
  const held = cell.holdings[symbol];
  const cost = held?.averagePrice ?? price;
  if (held === undefined || held.quantity === 0 || price <= cost) return ZERO_USD;
  const quantity = absoluteQuantity(held.quantity);
  return subtractMoney(notional(price, quantity), notional(cost, quantity));
};

/**
 * Cash that orders not yet seen in the broker's own figure may take: every unsettled entry, since
 * the reading may be older than the order. Counting one twice only refuses too much.
 */
export const reservedBuyingPower = (cell: ControlCell): Money => {
  let total = ZERO_USD;
  for (const id in cell.inFlight) {
    const claim = cell.inFlight[id];
    if (claim === undefined || claim.purpose === "exit") continue;
    total = addMoney(total, notional(claim.price, remainingOf(claim)));
  }
  return total;
};
