import { previousSession } from "../../domain/market/calendar.ts";
import { epochMsToNewYork, newYorkToEpochMs } from "../../domain/market/new-york-time.ts";
import type { Bar, Quote, Snapshot, Trade } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import {
  countOf,
  isAbsent,
  isRecord,
  millisecondsOf,
  nanosecondsOf,
  priceOf,
  type WireProblem,
  type WireRecord,
} from "../http/wire-fields.ts";
import { newYorkDayStartMs } from "../market-data/new-york-day.ts";
import { readBar } from "../market-data/read-bar.ts";

/** How an answer is read. */
export type PolygonReading = {
  readonly receivedAtMs: number;
  /** Whether the whole answer says that it is late. */
  readonly isDelayed: boolean;
  /** Shares in the unit that sizes of quotes are counted in. */
  readonly lotShares: number;
};

/**
 * Reads one ticker of a snapshot. Any part may be absent, or zero: the vendor clears everything at
 * 03:30 in New York and fills it from 04:00 on, and plans without quotes have none at all.
 */
export const readPolygonTicker = (
  symbol: Ticker,
  wire: WireRecord,
  { receivedAtMs, isDelayed, lotShares }: PolygonReading,
): Snapshot | WireProblem => {
  const quote = readQuote(symbol, wire["lastQuote"], lotShares);
  if (typeof quote === "string") return quote;
  const trade = readTrade(symbol, wire["lastTrade"]);
  if (typeof trade === "string") return trade;
  const minuteBar = readMinuteBar(symbol, wire["min"]);
  if (typeof minuteBar === "string") return minuteBar;
  const day = sessionDayOf(quote?.exchangeTimeMs ?? trade?.exchangeTimeMs ?? receivedAtMs);
  const dailyBar = readDay(symbol, wire["day"], day.startsAtMs, "day");
  if (typeof dailyBar === "string") return dailyBar;
  const previousDailyBar = readDay(symbol, wire["prevDay"], day.previousStartsAtMs, "prevDay");
  if (typeof previousDailyBar === "string") return previousDailyBar;
  const parts = { quote, trade, minuteBar, dailyBar, previousDailyBar, receivedAtMs };
  if (isDelayed) return { symbol, source: "polygon", quality: "delayed", ...parts };
  return quote === undefined
    ? { symbol, source: "polygon", quality: "tradeOnly", ...parts }
    : { symbol, source: "polygon", ...parts };
};

/** The ask is in the capital letters and the bid in the small ones, which is easily swapped. */
const readQuote = (
  symbol: Ticker,
  wire: unknown,
  lotShares: number,
): Quote | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return "lastQuote: expected an object";
  if (wire["t"] === 0) return undefined;
  const ask = priceOf(wire["P"]);
  const bid = priceOf(wire["p"]);
  const askLots = countOf(wire["S"]);
  const bidLots = countOf(wire["s"]);
  const exchangeTimeMs = nanosecondsOf(wire["t"]);
  if (ask === undefined) return "lastQuote.P: expected a price";
  if (bid === undefined) return "lastQuote.p: expected a price";
  if (askLots === undefined) return "lastQuote.S: expected a count";
  if (bidLots === undefined) return "lastQuote.s: expected a count";
  if (exchangeTimeMs === undefined) return "lastQuote.t: expected nanoseconds";
  const sizes = { bidSize: bidLots * lotShares, askSize: askLots * lotShares };
  return { symbol, bid, ask, ...sizes, exchangeTimeMs };
};

const readTrade = (symbol: Ticker, wire: unknown): Trade | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return "lastTrade: expected an object";
  if (wire["t"] === 0) return undefined;
  const price = priceOf(wire["p"]);
  const size = countOf(wire["s"]);
  const exchangeTimeMs = nanosecondsOf(wire["t"]);
  if (price === undefined) return "lastTrade.p: expected a price";
  if (size === undefined) return "lastTrade.s: expected a count";
  if (exchangeTimeMs === undefined) return "lastTrade.t: expected nanoseconds";
  return { symbol, price, size, exchangeTimeMs };
};

const readMinuteBar = (symbol: Ticker, wire: unknown): Bar | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return "min: expected an object";
  if (wire["t"] === 0) return undefined;
  const startsAtMs = millisecondsOf(wire["t"]);
  if (startsAtMs === undefined) return "min.t: expected milliseconds";
  return readBar(symbol, wire, startsAtMs, "min");
};

const readDay = (
  symbol: Ticker,
  wire: unknown,
  startsAtMs: number,
  path: string,
): Bar | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return `${path}: expected an object`;
  return readBar(symbol, wire, startsAtMs, path);
};

/** The session before is looked up once a day of quotes, and kept with the day. */
let known = { startsAtMs: 0, previousStartsAtMs: 0 };

/** The bars of days have no time of their own: they are of the quote's day and the one before. */
const sessionDayOf = (atMs: number): typeof known => {
  const startsAtMs = newYorkDayStartMs(atMs);
  if (startsAtMs !== known.startsAtMs) {
    const previous = previousSession(epochMsToNewYork(atMs).date).date;
    known = { startsAtMs, previousStartsAtMs: newYorkToEpochMs(previous, 0) };
  }
  return known;
};
