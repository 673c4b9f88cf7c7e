import type { Price } from "../../../shared/domain/market/price.ts";
import type { Quote } from "../../../shared/domain/market/quote.ts";
import {
  addQuantities,
  shares,
  subtractQuantities,
  ZERO_SHARES,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Order, OrderSide } from "./order.ts";

/** What a book needs of a quote: prices (0 is none) and sizes in shares. */
export type BookQuote = Pick<Quote, "bid" | "ask" | "bidSize" | "askSize">;

/**
 * One symbol's market as the exchange sees it. Changed in place: it is touched on every quote, and
 * what a quote touches lies side by side.
 */
export type Book = {
  readonly symbol: Ticker;
  bid: Price;
  ask: Price;
  /** What the last quote displays, in shares, and what orders have taken of that since. */
  bidSize: number;
  askSize: number;
  taken: Taken;
  /** Whether any order is working. */
  isWorked: boolean;
  last: Price;
  quotedAtMs: number;
  previousClose: Price;
  /** The orders that a quote may fill, in the order of their acceptance. */
  readonly working: Map<string, Order>;
};

/** What orders have taken of a quote: buyers of the ask, sellers of the bid. */
type Taken = { readonly buy: Quantity; readonly sell: Quantity };

const NOTHING_TAKEN: Taken = { buy: ZERO_SHARES, sell: ZERO_SHARES };

/** More shares than a quantity can hold do not matter: no order asks for as many. */
const DISPLAYED_SHARES_MAX = 9_000_000;

const NO_PRICE = 0 as Price;

/** A book that has seen no quote. */
export const createBook = (symbol: Ticker): Book => ({
  symbol,
  bid: NO_PRICE,
  ask: NO_PRICE,
  bidSize: 0,
  askSize: 0,
  taken: NOTHING_TAKEN,
  isWorked: false,
  last: NO_PRICE,
  quotedAtMs: -Infinity,
  previousClose: NO_PRICE,
  working: new Map(),
});

/** Takes a quote into the book; displayed sizes are whole again. */
export const takeQuote = (book: Book, quote: BookQuote, nowMs: number): void => {
  book.bid = quote.bid;
  book.ask = quote.ask;
  book.bidSize = quote.bidSize;
  book.askSize = quote.askSize;
  book.taken = NOTHING_TAKEN;
  book.quotedAtMs = nowMs;
};

/** What of the other side's displayed shares is left for an order. */
export const leftFor = (book: Book, side: OrderSide): Quantity => {
  const displayed = side === "buy" ? book.askSize : book.bidSize;
  return subtractQuantities(shares(Math.min(displayed, DISPLAYED_SHARES_MAX)), book.taken[side]);
};

/** Takes shares that were left for an order. */
export const takeShares = (book: Book, side: OrderSide, quantity: Quantity): void => {
  book.taken = { ...book.taken, [side]: addQuantities(book.taken[side], quantity) };
};

/** Nothing is on offer until the next quote. */
export const closeBook = (book: Book): void => {
  book.bidSize = 0;
  book.askSize = 0;
  book.taken = NOTHING_TAKEN;
};

/** The price that values a position: the last trade, else halfway between bid and ask, else 0. */
export const markOf = (book: Book): Price => {
  if (book.last > 0) return book.last;
  if (book.bid > 0 && book.ask > 0) return Math.round((book.bid + book.ask) / 2) as Price;
  return book.bid > 0 ? book.bid : book.ask;
};
