import type { Price } from "../../shared/domain/market/price.ts";
import type { Bar, Quote } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";

const MS_PER_MINUTE = 60_000;

/** Where the start of the row's minute stands among its numbers (epoch ms), whatever the row is. */
export const STARTS_AT = 0;

/** Where the rest of a quote stands, and how many numbers it takes. */
export const [BID, ASK, BID_SIZE, ASK_SIZE, QUOTE_WIDTH] = [1, 2, 3, 4, 5] as const;

/** Where the rest of a minute's trades stands, and how many numbers they take. */
export const [HIGH, LOW, CLOSE, VOLUME, TRADES_WIDTH] = [2, 3, 4, 5, 6] as const;
const OPEN = 1;

/** The quote whose numbers stand from `offset` on; it stood when its minute ended. */
export const readQuote = (symbol: Ticker, numbers: Float64Array, offset: number): Quote => ({
  symbol,
  bid: priceAt(numbers, offset + BID),
  ask: priceAt(numbers, offset + ASK),
  bidSize: numberAt(numbers, offset + BID_SIZE),
  askSize: numberAt(numbers, offset + ASK_SIZE),
  exchangeTimeMs: numberAt(numbers, offset + STARTS_AT) + MS_PER_MINUTE,
});

/** The trades of the minute whose numbers stand from `offset` on. */
export const readTrades = (symbol: Ticker, numbers: Float64Array, offset: number): Bar => ({
  symbol,
  open: priceAt(numbers, offset + OPEN),
  high: priceAt(numbers, offset + HIGH),
  low: priceAt(numbers, offset + LOW),
  close: priceAt(numbers, offset + CLOSE),
  volume: numberAt(numbers, offset + VOLUME),
  startsAtMs: numberAt(numbers, offset + STARTS_AT),
});

/** One of the numbers of a list that has it. */
export const numberAt = (numbers: Float64Array, index: number): number =>
  numbers[index] ?? Number.NaN;

/** The same where it is a price: rows hold ten-thousandths, which is what a price is. */
export const priceAt = (numbers: Float64Array, index: number): Price =>
  numberAt(numbers, index) as Price;
