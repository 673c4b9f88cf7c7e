import { assert } from "../../../shared/domain/assert.ts";
import type { Money } from "../../../shared/domain/market/money.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { absoluteQuantity, type Quantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import {
  viewAccount,
  viewPosition,
  viewPositions,
  type AccountView,
  type PositionView,
} from "./account-view.ts";
import { advance } from "./advance.ts";
import { takeQuote, type Book, type BookQuote } from "./book.ts";
import { bookFill } from "./book-fill.ts";
import { cancelGroup, requestCancel } from "./cancel-order.ts";
import type { Fill } from "./fill.ts";
import { createIds } from "./ids.ts";
import type { ExchangeJournal } from "./journal.ts";
import { listOrders, type OrderQuery } from "./list-orders.ts";
import { matchBook } from "./match-book.ts";
import {
  isOpen,
  remainingQuantity,
  type Order,
  type OrderRequest,
  type ReplaceRequest,
} from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { replaceOrder } from "./replace-order.ts";
import {
  bookOf,
  changedSince,
  commitChanges,
  createState,
  positionOf,
  saveAccount,
  type ExchangeRules,
  type ExchangeState,
  type OfferShares,
} from "./state.ts";
import { splitShares, type ShareSplit } from "./split-shares.ts";
import { submitOrder } from "./submit-order.ts";

/** How an exchange starts; a journal that holds something wins over the starting values. */
export type ExchangeOptions = {
  /** Names the account; ids are a function of it, so two exchanges of one name agree. */
  readonly name: string;
  readonly startsAtMs: number;
  readonly startingCash: Money;
  readonly multiplier?: 1 | 2 | 4;
  readonly shortingEnabled?: boolean;
  /** 0 by default: a cancellation takes effect at once. */
  readonly cancelLatencyMs?: number;
  /** Every symbol is known by default. */
  readonly isKnownSymbol?: (symbol: Ticker) => boolean;
  readonly journal?: ExchangeJournal;
};

/** What a client may switch on its account. */
type AccountSwitches = { readonly suspendTrade?: boolean; readonly noShorting?: boolean };

/** What came of closing one of several positions. */
type PositionClosing = {
  readonly symbol: Ticker;
  readonly result: Result<Order, Refusal>;
};

/**
 * A broker and its market, synchronous and without any clock of its own. Every call that takes
 * `nowMs` (epoch ms) first lets time pass up to it; a time in the past counts as now. What a call
 * changed is durable when it returns; if the journal fails, that call and all later ones throw.
 */
export type Exchange = {
  readonly advance: (nowMs: number) => void;
  readonly onQuote: (quote: BookQuote & { readonly symbol: Ticker }, nowMs: number) => void;
  /** A symbol's book, to be handed back with its quotes and trades by whoever has many of them. */
  readonly bookOf: (symbol: Ticker) => Book;
  readonly onBookQuote: (book: Book, quote: BookQuote, nowMs: number) => void;
  /** A trade moves the mark only; orders fill against quotes. */
  readonly onBookTrade: (book: Book, price: Price) => void;
  readonly setPreviousClose: (symbol: Ticker, price: Price) => void;
  readonly submitOrder: (request: OrderRequest, nowMs: number) => Result<Order, Refusal>;
  readonly replaceOrder: (
    id: string,
    change: ReplaceRequest,
    nowMs: number,
  ) => Result<Order, Refusal>;
  readonly cancelOrder: (id: string, nowMs: number) => Result<Order, Refusal>;
  /** Asks for the cancellation of every open order; returns those that it was asked for. */
  readonly cancelAllOrders: (nowMs: number) => readonly Order[];
  readonly closePosition: (
    symbol: Ticker,
    quantity: Quantity | undefined,
    nowMs: number,
  ) => Result<Order, Refusal>;
  readonly closeAllPositions: (
    options: { readonly cancelOrders: boolean },
    nowMs: number,
  ) => readonly PositionClosing[];
  readonly switchAccount: (switches: AccountSwitches, nowMs: number) => AccountView;
  /**
   * Fills a cancelled order after all, as a late report does at a real exchange: at the market, or
   * at the order's own price when there is none. Refused unless the order was cancelled.
   */
  readonly fillAfterCancel: (id: string, nowMs: number) => Result<Order, Refusal>;
  /** A corporate action, before the session that it is for. */
  readonly splitShares: (split: ShareSplit, nowMs: number) => void;
  /** Sets how many of the displayed shares an order may take; at first it is all of them. */
  readonly setOfferShares: (offerShares: OfferShares) => void;
  readonly getOrder: (id: string) => Order | undefined;
  readonly getOrderByClientOrderId: (clientOrderId: string) => Order | undefined;
  /** The same number as before: no order has changed since. */
  readonly orderRevision: () => number;
  /**
   * The ids of orders that have changed since, or whose legs have; undefined where it is too long.
   */
  readonly ordersChangedSince: (revision: number) => readonly string[] | undefined;
  readonly listOrders: (query: OrderQuery) => readonly Order[];
  readonly listPositions: () => readonly PositionView[];
  readonly getPosition: (symbol: Ticker) => PositionView | undefined;
  readonly getAccount: () => AccountView;
  /** All executions so far, in their order. */
  readonly listFills: () => readonly Fill[];
  readonly nowMs: () => number;
};

/** Creates an exchange, going on from what its journal holds. */
export const createExchange = (options: ExchangeOptions): Exchange => {
  const { journal, startsAtMs, startingCash } = options;
  const rules: ExchangeRules = {
    multiplier: options.multiplier ?? 2,
    shortingEnabled: options.shortingEnabled ?? true,
    cancelLatencyMs: options.cancelLatencyMs ?? 0,
    isKnownSymbol: options.isKnownSymbol ?? (() => true),
    ids: createIds(options.name),
  };
  const fresh = {
    cash: startingCash,
    lastEquity: startingCash,
    suspendTrade: false,
    noShorting: false,
    orderSequence: 0,
    fillSequence: 0,
    createdAtMs: startsAtMs,
    nowMs: startsAtMs,
  };
  const state = createState(rules, fresh, journal?.load());
  const transact = createTransact(state, journal);
  return { ...createCommands(state, transact), ...createQueries(state) };
};

type Transact = <Value>(nowMs: number, act: () => Value) => Value;

/** Runs one change as a whole: time passes, it acts, and what changed becomes durable. */
const createTransact = (state: ExchangeState, journal: ExchangeJournal | undefined): Transact => {
  let isBroken = false;
  return (nowMs, act) => {
    // Memory may be ahead of the journal after a failure, and must not be believed.
    assert(!isBroken, "The exchange failed while it changed and must be restarted.");
    isBroken = true;
    advance(state, nowMs);
    const value = act();
    commitChanges(state, journal);
    isBroken = false;
    return value;
  };
};

const createCommands = (state: ExchangeState, transact: Transact) => ({
  advance: (nowMs: number) => {
    if (nowMs < state.nextDueAtMs) state.nowMs = Math.max(state.nowMs, nowMs);
    else transact(nowMs, () => undefined);
  },
  onQuote: (quote: BookQuote & { readonly symbol: Ticker }, nowMs: number) =>
    showQuote(state, transact, bookOf(state, quote.symbol), quote, nowMs),
  bookOf: (symbol: Ticker) => bookOf(state, symbol),
  onBookQuote: (book: Book, quote: BookQuote, nowMs: number) =>
    showQuote(state, transact, book, quote, nowMs),
  onBookTrade: (book: Book, price: Price) => {
    book.last = price;
  },
  setPreviousClose: (symbol: Ticker, price: Price) => {
    bookOf(state, symbol).previousClose = price;
  },
  submitOrder: (request: OrderRequest, nowMs: number) =>
    transact(nowMs, () => submitOrder(state, request)),
  replaceOrder: (id: string, change: ReplaceRequest, nowMs: number) =>
    transact(nowMs, () => replaceOrder(state, id, change)),
  cancelOrder: (id: string, nowMs: number) => transact(nowMs, () => requestCancel(state, id)),
  cancelAllOrders: (nowMs: number) => transact(nowMs, () => cancelAll(state)),
  closePosition: (symbol: Ticker, quantity: Quantity | undefined, nowMs: number) =>
    transact(nowMs, () => closePosition(state, symbol, quantity)),
  closeAllPositions: (options: { readonly cancelOrders: boolean }, nowMs: number) =>
    transact(nowMs, () => closeAll(state, options.cancelOrders)),
  switchAccount: (switches: AccountSwitches, nowMs: number) =>
    transact(nowMs, () => {
      saveAccount(state, switches);
      return viewAccount(state);
    }),
  fillAfterCancel: (id: string, nowMs: number) => transact(nowMs, () => fillAfterCancel(state, id)),
  splitShares: (split: ShareSplit, nowMs: number) =>
    transact(nowMs, () => splitShares(state, split)),
  setOfferShares: (offerShares: OfferShares) => {
    state.offerShares = offerShares;
  },
});

const showQuote = (
  state: ExchangeState,
  transact: Transact,
  book: Book,
  quote: BookQuote,
  nowMs: number,
): void => {
  if (!book.isWorked && nowMs < state.nextDueAtMs) {
    // The fast path of a replay: nothing can fill and nothing is due.
    if (nowMs > state.nowMs) state.nowMs = nowMs;
    takeQuote(book, quote, state.nowMs);
    return;
  }
  tradeQuote(state, transact, book, quote, nowMs);
};

/** Apart from the fast path, which would make room for what is enclosed here with every quote. */
const tradeQuote = (
  state: ExchangeState,
  transact: Transact,
  book: Book,
  quote: BookQuote,
  nowMs: number,
): void =>
  transact(nowMs, () => {
    takeQuote(book, quote, state.nowMs);
    matchBook(state, book);
  });

const createQueries = (state: ExchangeState) => ({
  getOrder: (id: string) => state.orders.get(id),
  getOrderByClientOrderId: (clientOrderId: string) => {
    const id = state.orderIdsByClientOrderId.get(clientOrderId);
    return id === undefined ? undefined : state.orders.get(id);
  },
  orderRevision: () => state.orderRevision,
  ordersChangedSince: (revision: number) => changedSince(state, revision),
  listOrders: (query: OrderQuery) => listOrders(state, query),
  listPositions: () => viewPositions(state),
  getPosition: (symbol: Ticker) => {
    const position = state.positions.get(symbol);
    return position === undefined ? undefined : viewPosition(state, position);
  },
  getAccount: () => viewAccount(state),
  listFills: () => state.fills,
  nowMs: () => state.nowMs,
});

const cancelAll = (state: ExchangeState): readonly Order[] => {
  const canceled: Order[] = [];
  for (const { id } of state.open.values()) {
    const result = requestCancel(state, id);
    // A member of a group that an earlier cancellation took with it needs none of its own.
    if (result.ok) canceled.push(result.value);
  }
  return canceled;
};

const closePosition = (
  state: ExchangeState,
  symbol: Ticker,
  quantity: Quantity | undefined,
): Result<Order, Refusal> => {
  const position = positionOf(state, symbol);
  if (position.quantity === 0) return err({ type: "PositionNotFound", symbol });
  return submitOrder(state, {
    symbol,
    side: position.quantity > 0 ? "sell" : "buy",
    type: "market",
    timeInForce: "day",
    quantity: quantity ?? absoluteQuantity(position.quantity),
  });
};

const closeAll = (state: ExchangeState, isCancelling: boolean): readonly PositionClosing[] => {
  if (isCancelling) {
    // Not by request: closing would be refused while a pending cancellation holds the shares.
    for (const order of state.open.values()) {
      if (state.open.has(order.id)) cancelGroup(state, order);
    }
  }
  return [...state.positions.keys()].map((symbol) => ({
    symbol,
    result: closePosition(state, symbol, undefined),
  }));
};

const fillAfterCancel = (state: ExchangeState, id: string): Result<Order, Refusal> => {
  const order = state.orders.get(id);
  if (order === undefined) return err({ type: "OrderNotFound", id });
  if (isOpen(order) || order.status !== "canceled" || remainingQuantity(order) <= 0) {
    return err({ type: "Unprocessable", sentence: "the order was not cancelled" });
  }
  const { ask, bid } = bookOf(state, order.symbol);
  const marketPrice = order.side === "buy" ? ask : bid;
  const price = order.limitPrice ?? (marketPrice > 0 ? marketPrice : order.reservePrice);
  return ok(bookFill(state, order, remainingQuantity(order), price));
};
