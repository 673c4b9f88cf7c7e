import { assert } from "../assert.ts";
import { listOf } from "../listed-record.ts";
import { addMoney, type Money, notional, subtractMoney, ZERO_USD } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { absoluteQuantity, type Quantity, ZERO_SHARES } from "../market/quantity.ts";
import type { Ticker } from "../market/ticker.ts";
import {
  claimsOf,
  type ControlCell,
  holdingOf,
  isOpen,
  protectedBy,
  remainingOf,
} from "./control-cell.ts";

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
  /** Of the whole account: every unsettled entry at its worst price. */
  readonly entryReserve: Money;
  /** Of the whole account: claims that can still fill, brackets around what is held not counted. */
  readonly unsettled: number;
};

/** Sums a symbol's position and claims, and the account's claims. */
export const exposureOf = (cell: ControlCell, symbol: Ticker): SymbolExposure => {
  let entryBuys = 0;
  let entrySells = 0;
  let exits = 0;
  let underProtection = 0;
  let hasWorkingEntry = false;
  let hasUnknown = false;
  for (const claim of claimsOf(cell, symbol)) {
    const isEntry = claim.purpose === "entry";
    const remaining = remainingOf(claim);
    if (claim.stage === "unknown") hasUnknown = true;
    if (isEntry && claim.stage === "working") hasWorkingEntry = true;
    underProtection += protectedBy(claim);
    if (!isEntry) exits += remaining;
    else if (claim.side === "buy") entryBuys += remaining;
    else entrySells += remaining;
  }
  const { entryReserve, unsettled } = reserveOf(cell.inFlight);
  return {
    held: cell.holdings[symbol]?.quantity ?? ZERO_SHARES,
    entryBuys: entryBuys as Quantity,
    entrySells: entrySells as Quantity,
    exits: exits as Quantity,
    protected: underProtection as Quantity,
    hasWorkingEntry,
    hasUnknown,
    entryReserve,
    unsettled,
  };
};

type Reserve = Pick<SymbolExposure, "entryReserve" | "unsettled">;

/** A cell never changes, and one is asked about for every symbol of a cycle: summed up once. */
const reserves = new WeakMap<ControlCell["inFlight"], Reserve>();

const reserveOf = (inFlight: ControlCell["inFlight"]): Reserve => {
  const known = reserves.get(inFlight);
  if (known !== undefined) return known;
  let entryReserve = 0;
  let unsettled = 0;
  for (const claim of listOf(inFlight).values) {
    const remaining = remainingOf(claim);
    if (claim.stage !== "protecting") unsettled++;
    if (claim.purpose === "entry" && remaining > 0) {
      entryReserve += notional(claim.price, remaining);
    }
  }
  assert(Number.isSafeInteger(entryReserve), "A sum of money stays representable.");
  const summed = { entryReserve: entryReserve as Money, unsettled };
  reserves.set(inFlight, summed);
  return summed;
};

/**
 * The most that could be at risk over all symbols: each position at its average price, the given
 * symbol's at `price` if that is higher, plus every unsettled entry at its worst price. Exits never
 * reduce it before they fill.
 */
export const portfolioExposure = (
  cell: ControlCell,
  exposure: SymbolExposure,
  symbol: Ticker,
  price: Price,
): Money => {
  const held = addMoney(costOf(cell.holdings), riseOf(cell, symbol, price));
  return addMoney(held, exposure.entryReserve);
};

/** What is at risk whatever else happens, of which the reserve is for unsettled entries. */
type Commitment = { readonly exposed: Money; readonly entryReserve: Money };

/**
 * The least that `portfolioExposure` comes to for any symbol at any price: everything held at its
 * average price, and every unsettled entry at its worst one.
 */
export const commitmentOf = ({ holdings, inFlight }: ControlCell): Commitment => {
  const { entryReserve } = reserveOf(inFlight);
  return { exposed: addMoney(costOf(holdings), entryReserve), entryReserve };
};

/** What everything held has cost, summed up once, as the reserve is. */
const costs = new WeakMap<ControlCell["holdings"], Money>();

const costOf = (holdings: ControlCell["holdings"]): Money => {
  const known = costs.get(holdings);
  if (known !== undefined) return known;
  let cost = 0;
  for (const holding of listOf(holdings).values) {
    if (isOpen(holding)) cost += notional(holding.averagePrice, absoluteQuantity(holding.quantity));
  }
  assert(Number.isSafeInteger(cost), "A sum of money stays representable.");
  costs.set(holdings, cost as Money);
  return cost as Money;
};

/** What the position in a symbol is worth above its cost at `price`; nothing below it. */
const riseOf = (cell: ControlCell, symbol: Ticker, price: Price): Money => {
  const held = holdingOf(cell, symbol);
  if (!isOpen(held) || price <= held.averagePrice) return ZERO_USD;
  const quantity = absoluteQuantity(held.quantity);
  return subtractMoney(notional(price, quantity), notional(held.averagePrice, quantity));
};
