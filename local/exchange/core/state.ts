import { assert } from "../../../shared/domain/assert.ts";
import type { Money } from "../../../shared/domain/market/money.ts";
import type { Quantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { createBook, type Book } from "./book.ts";
import type { Fill } from "./fill.ts";
import type { Ids } from "./ids.ts";
import type { AccountState, ExchangeChange, ExchangeJournal } from "./journal.ts";
import { isOpen, isWorking, type Order } from "./order.ts";
import { flatPosition, type Position } from "./position.ts";
import { sessionEndingAfter } from "./timing.ts";

/** Says how many shares an order may take of those on offer; the seam for partial fills. */
export type OfferShares = (order: Order, available: Quantity) => Quantity;

/** What is fixed for the life of an exchange. */
export type ExchangeRules = {
  readonly multiplier: 1 | 2 | 4;
  readonly shortingEnabled: boolean;
  /** How long a cancellation stays pending, in which a quote may still fill the order. */
  readonly cancelLatencyMs: number;
  readonly isKnownSymbol: (symbol: Ticker) => boolean;
  readonly ids: Ids;
};

/** What open orders take: money reserved by those that open, and shares that those that close hold. */
export type OpenSums = {
  readonly reserved: Money;
  readonly held: ReadonlyMap<Ticker, Quantity>;
};

/**
 * The exchange's memory. Every change goes through the functions here, which note it for the
 * journal.
 */
export type ExchangeState = {
  readonly rules: ExchangeRules;
  readonly orders: Map<string, Order>;
  readonly orderIdsByClientOrderId: Map<string, string>;
  /** Orders that can still change, by id. */
  readonly open: Map<string, Order>;
  readonly books: Map<Ticker, Book>;
  readonly positions: Map<Ticker, Position>;
  readonly fills: Fill[];
  account: AccountState;
  /** All that is displayed, unless someone set something else. */
  offerShares: OfferShares;
  /** The latest time seen, epoch ms; never goes back. */
  nowMs: number;
  /** When `advance` next has something to do; found again after each change of an order. */
  nextDueAtMs: number;
  /** When the current or next session closes. */
  nextCloseAtMs: number;
  /** Rises with each change of an order: whoever has listed the open ones since need not again. */
  orderRevision: number;
  /** The orders that the latest revisions changed, a leg as the order it hangs on: newest last. */
  readonly changed: string[];
  /** Undefined from a change of an order until somebody asks. */
  openSums: OpenSums | undefined;
  readonly unsaved: {
    isAccountChanged: boolean;
    readonly orderIds: Set<string>;
    readonly symbols: Set<Ticker>;
    fills: Fill[];
  };
};

/** An empty exchange, or the one that `restored` describes. */
export const createState = (
  rules: ExchangeRules,
  account: AccountState,
  restored: ExchangeChange | undefined,
): ExchangeState => {
  const state: ExchangeState = {
    rules,
    orders: new Map(),
    orderIdsByClientOrderId: new Map(),
    open: new Map(),
    books: new Map(),
    positions: new Map(),
    fills: [...(restored?.fills ?? [])],
    account: restored?.account ?? account,
    offerShares: (_order, available) => available,
    nowMs: (restored?.account ?? account).nowMs,
    nextDueAtMs: -Infinity,
    nextCloseAtMs: sessionEndingAfter((restored?.account ?? account).nowMs, 0).closesAtMs,
    orderRevision: 0,
    changed: [],
    openSums: undefined,
    unsaved: { isAccountChanged: false, orderIds: new Set(), symbols: new Set(), fills: [] },
  };
  for (const order of restored?.orders ?? []) saveOrder(state, order);
  for (const position of restored?.positions ?? []) savePosition(state, position);
  state.unsaved.orderIds.clear();
  state.unsaved.symbols.clear();
  return state;
};

/** The book of a symbol, made at its first use. */
export const bookOf = (state: ExchangeState, symbol: Ticker): Book => {
  const known = state.books.get(symbol);
  if (known !== undefined) return known;
  const book = createBook(symbol);
  state.books.set(symbol, book);
  return book;
};

/** The position in a symbol, flat if there is none. */
export const positionOf = (state: ExchangeState, symbol: Ticker): Position =>
  state.positions.get(symbol) ?? flatPosition(symbol);

/** An order that must exist, because the exchange made it. */
export const orderOf = (state: ExchangeState, id: string): Order => {
  const order = state.orders.get(id);
  assert(order !== undefined, "An order that another order names exists.");
  return order;
};

/** More changes than a minute sees; whoever asks for older ones is told so. */
const CHANGED_MAX = 10_000;

/** What has changed since a revision, each order as often as it did; undefined: too much. */
export const changedSince = (
  { orderRevision, changed }: ExchangeState,
  revision: number,
): readonly string[] | undefined => {
  const count = orderRevision - revision;
  return count <= changed.length ? changed.slice(changed.length - count) : undefined;
};

/** Puts an order, new or changed, in all the places where it is looked for; returns it. */
export const saveOrder = (state: ExchangeState, order: Order): Order => {
  state.orders.set(order.id, order);
  state.orderIdsByClientOrderId.set(order.clientOrderId, order.id);
  if (isOpen(order)) state.open.set(order.id, order);
  else state.open.delete(order.id);
  const book = bookOf(state, order.symbol);
  if (isWorking(order)) book.working.set(order.id, order);
  else book.working.delete(order.id);
  book.isWorked = book.working.size > 0;
  state.unsaved.orderIds.add(order.id);
  state.orderRevision++;
  state.changed.push(order.parentId ?? order.id);
  if (state.changed.length > CHANGED_MAX) state.changed.splice(0, CHANGED_MAX / 2);
  state.openSums = undefined;
  state.nextDueAtMs = -Infinity;
  return order;
};

/** Puts a position in place, and forgets it when it is flat. */
export const savePosition = (state: ExchangeState, position: Position): void => {
  if (position.quantity === 0) state.positions.delete(position.symbol);
  else state.positions.set(position.symbol, position);
  state.unsaved.symbols.add(position.symbol);
};

/** Changes the account. */
export const saveAccount = (state: ExchangeState, change: Partial<AccountState>): void => {
  state.account = { ...state.account, ...change };
  state.unsaved.isAccountChanged = true;
};

/** Adds an execution. */
export const saveFill = (state: ExchangeState, fill: Fill): void => {
  state.fills.push(fill);
  state.unsaved.fills.push(fill);
};

/** Hands what changed since the last call to the journal, as one change, if anything did. */
export const commitChanges = (state: ExchangeState, journal: ExchangeJournal | undefined): void => {
  const { unsaved } = state;
  if (!unsaved.isAccountChanged && unsaved.orderIds.size === 0 && unsaved.symbols.size === 0) {
    return;
  }
  journal?.commit({
    account: { ...state.account, nowMs: state.nowMs },
    orders: [...unsaved.orderIds].map((id) => orderOf(state, id)),
    positions: [...unsaved.symbols].map((symbol) => positionOf(state, symbol)),
    fills: unsaved.fills,
  });
  unsaved.isAccountChanged = false;
  unsaved.orderIds.clear();
  unsaved.symbols.clear();
  unsaved.fills = [];
};
