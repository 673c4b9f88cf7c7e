import type { Price } from "../../../shared/domain/market/price.ts";
import type { Quote } from "../../../shared/domain/market/quote.ts";
import { shares, ZERO_SHARES, type Quantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Order } from "./order.ts";

/** What the book needs of a quote: prices (0 is none) and sizes in shares. */
export type BookQuote = Pick<Quote, "symbol" | "bid" | "ask" | "bidSize" | "askSize">;

/** One symbol's market as the exchange sees it. Changed in place: it is touched on every quote. */
export type Book = {
  readonly symbol: Ticker;
  bid: Price;
  ask: Price;
  /** What is left of the displayed sizes since the last quote. */
  bidLeft: Quantity;
  askLeft: Quantity;
  quotedAtMs: number;
  last: Price;
  previousClose: Price;
  /** The orders that a quote may fill, in the order of their acceptance. */
  readonly working: Map<string, Order>;
};

/** More shares than a quantity can hold do not matter: no order asks for as many. */
const DISPLAYED_SHARES_MAX = 9_000_000;

const NO_PRICE = 0 as Price;

/** A book that has seen no quote. */
export const createBook = (symbol: Ticker): Book => ({
  symbol,
  bid: NO_PRICE,
  ask: NO_PRICE,
  bidLeft: ZERO_SHARES,
  askLeft: ZERO_SHARES,
  quotedAtMs: -Infinity,
  last: NO_PRICE,
  previousClose: NO_PRICE,
  working: new Map(),
});

/** Takes a quote into the book; displayed sizes are whole again. */
export const takeQuote = (book: Book, quote: BookQuote, nowMs: number): void => {
  book.bid = quote.bid;
  book.ask = quote.ask;
  book.bidLeft = shares(Math.min(quote.bidSize, DISPLAYED_SHARES_MAX));
  book.askLeft = shares(Math.min(quote.askSize, DISPLAYED_SHARES_MAX));
  book.quotedAtMs = nowMs;
};

/** The price that values a position: the last trade, else halfway between bid and ask, else 0. */
export const markOf = (book: Book): Price => {
  if (book.last > 0) return book.last;
  if (book.bid > 0 && book.ask > 0) return Math.round((book.bid + book.ask) / 2) as Price;
  return book.bid > 0 ? book.bid : book.ask;
};
