import type { Price } from "../../domain/market/price.ts";
import type { Bar, Quote, Snapshot, Trade } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import {
  countOf,
  priceOf,
  timeOf,
  type WireProblem,
  type WireRecord,
} from "../http/wire-fields.ts";
import { newYorkDayStartMs } from "../market-data/new-york-day.ts";

/**
 * Reads one symbol of Tiingo's IEX feed. Every price may be null, but none may be missing; without
 * bid and ask, as after the close and on unregistered plans, it is `tradeOnly`.
 */
export const readTiingoQuote = (
  symbol: Ticker,
  wire: WireRecord,
  receivedAtMs: number,
): Snapshot | WireProblem => {
  const quote = readQuote(symbol, wire);
  if (typeof quote === "string") return quote;
  const trade = readTrade(symbol, wire);
  if (typeof trade === "string") return trade;
  const dailyBar = readDay(symbol, wire, trade);
  if (typeof dailyBar === "string") return dailyBar;
  const close = priceOrNull(wire["prevClose"]);
  if (close === undefined) return "prevClose: expected a price or null";
  const previousClose = close === null ? undefined : close;
  // Two literals, because every quote passes here and copying an object costs more than reading it.
  return quote === undefined
    ? {
        symbol,
        source: "tiingo",
        origin: "iex",
        quality: "tradeOnly",
        quote,
        trade,
        minuteBar: undefined,
        dailyBar,
        previousDailyBar: undefined,
        previousClose,
        receivedAtMs,
      }
    : {
        symbol,
        source: "tiingo",
        origin: "iex",
        quote,
        trade,
        minuteBar: undefined,
        dailyBar,
        previousDailyBar: undefined,
        previousClose,
        receivedAtMs,
      };
};

const NONE = 0 as Price;

const readQuote = (symbol: Ticker, wire: WireRecord): Quote | undefined | WireProblem => {
  const { bidPrice, askPrice, bidSize, askSize, quoteTimestamp } = wire;
  if (bidPrice === null && askPrice === null) return undefined;
  const bid = bidPrice === null ? NONE : priceOf(bidPrice);
  const ask = askPrice === null ? NONE : priceOf(askPrice);
  const bidShares = bidSize === null ? 0 : countOf(bidSize);
  const askShares = askSize === null ? 0 : countOf(askSize);
  const exchangeTimeMs = timeOf(quoteTimestamp);
  if (bid === undefined) return "bidPrice: expected a price or null";
  if (ask === undefined) return "askPrice: expected a price or null";
  if (bidShares === undefined) return "bidSize: expected a count or null";
  if (askShares === undefined) return "askSize: expected a count or null";
  if (exchangeTimeMs === undefined) return "quoteTimestamp: expected a time";
  return { symbol, bid, ask, bidSize: bidShares, askSize: askShares, exchangeTimeMs };
};

/** The last sale; where the plan has none, the vendor's own last price with the answer's time. */
const readTrade = (symbol: Ticker, wire: WireRecord): Trade | undefined | WireProblem => {
  const { last, lastSize, lastSaleTimestamp, tngoLast, timestamp } = wire;
  if (last === null) {
    if (tngoLast === null) return undefined;
    const price = priceOf(tngoLast);
    const atMs = timeOf(timestamp);
    if (price === undefined) return "tngoLast: expected a price or null";
    if (atMs === undefined) return "timestamp: expected a time";
    return { symbol, price, size: 0, exchangeTimeMs: atMs };
  }
  const price = priceOf(last);
  const size = lastSize === null ? 0 : countOf(lastSize);
  const exchangeTimeMs = timeOf(lastSaleTimestamp);
  if (price === undefined) return "last: expected a price or null";
  if (size === undefined) return "lastSize: expected a count or null";
  if (exchangeTimeMs === undefined) return "lastSaleTimestamp: expected a time";
  return { symbol, price, size, exchangeTimeMs };
};

/** The day so far, which needs a last price as its close; its volume is IEX's alone. */
const readDay = (
  symbol: Ticker,
  wire: WireRecord,
  trade: Trade | undefined,
): Bar | undefined | WireProblem => {
  const open = priceOrNull(wire["open"]);
  const high = priceOrNull(wire["high"]);
  const low = priceOrNull(wire["low"]);
  const volume = wire["volume"] === null ? 0 : countOf(wire["volume"]);
  if (open === undefined) return "open: expected a price or null";
  if (high === undefined) return "high: expected a price or null";
  if (low === undefined) return "low: expected a price or null";
  if (volume === undefined) return "volume: expected a count or null";
  const atMs = trade?.exchangeTimeMs;
  if (open === null || high === null || low === null || trade === undefined) return undefined;
  if (atMs === undefined || open === 0) return undefined;
  return {
    symbol,
    open,
    // The last sale can be newer than the day's extremes in the same answer.
    high: trade.price > high ? trade.price : high,
    low: trade.price < low ? trade.price : low,
    close: trade.price,
    volume,
    startsAtMs: newYorkDayStartMs(atMs),
  };
};

const priceOrNull = (value: unknown): Price | null | undefined =>
  value === null ? null : priceOf(value);
