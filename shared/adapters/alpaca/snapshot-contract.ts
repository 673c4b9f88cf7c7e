import type { Bar, Quote, Snapshot, Trade } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import {
  countOf,
  isAbsent,
  isRecord,
  priceOf,
  timeOf,
  type WireProblem,
} from "../http/wire-fields.ts";
import { readBar } from "../market-data/read-bar.ts";

/** What a feed's snapshots are marked with. */
export type AlpacaMarks = Pick<Snapshot, "origin" | "quality">;

/**
 * Reads what Alpaca says about one symbol, of which any part may be absent; a trade that was taken
 * back is no trade. Without a quote it is `tradeOnly`, unless the whole feed is late.
 */
export const readAlpacaSnapshot = (
  symbol: Ticker,
  wire: unknown,
  receivedAtMs: number,
  marks: AlpacaMarks,
): Snapshot | WireProblem => {
  if (!isRecord(wire)) return "the snapshot: expected an object";
  const quote = readQuote(symbol, wire["latestQuote"]);
  if (typeof quote === "string") return quote;
  const trade = readTrade(symbol, wire["latestTrade"]);
  if (typeof trade === "string") return trade;
  const minuteBar = readTimedBar(symbol, wire["minuteBar"], "minuteBar");
  if (typeof minuteBar === "string") return minuteBar;
  const dailyBar = readTimedBar(symbol, wire["dailyBar"], "dailyBar");
  if (typeof dailyBar === "string") return dailyBar;
  const previousDailyBar = readTimedBar(symbol, wire["prevDailyBar"], "prevDailyBar");
  if (typeof previousDailyBar === "string") return previousDailyBar;
  const parts = { quote, trade, minuteBar, dailyBar, previousDailyBar, receivedAtMs };
  const { origin } = marks;
  const quality = marks.quality ?? (quote === undefined ? "tradeOnly" : undefined);
  // Literals of their own, because every quote passes here and copying marks costs half of reading.
  if (quality !== undefined) {
    return origin === undefined
      ? { symbol, source: "alpaca", quality, ...parts }
      : { symbol, source: "alpaca", origin, quality, ...parts };
  }
  return origin === undefined
    ? { symbol, source: "alpaca", ...parts }
    : { symbol, source: "alpaca", origin, ...parts };
};

const readQuote = (symbol: Ticker, wire: unknown): Quote | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return "latestQuote: expected an object";
  const exchangeTimeMs = timeOf(wire["t"]);
  const bid = priceOf(wire["bp"]);
  const ask = priceOf(wire["ap"]);
  const bidSize = countOf(wire["bs"]);
  const askSize = countOf(wire["as"]);
  if (exchangeTimeMs === undefined) return "latestQuote.t: expected a time";
  if (bid === undefined) return "latestQuote.bp: expected a price";
  if (ask === undefined) return "latestQuote.ap: expected a price";
  if (bidSize === undefined) return "latestQuote.bs: expected a count";
  if (askSize === undefined) return "latestQuote.as: expected a count";
  return { symbol, bid, ask, bidSize, askSize, exchangeTimeMs };
};

const readTrade = (symbol: Ticker, wire: unknown): Trade | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return "latestTrade: expected an object";
  const exchangeTimeMs = timeOf(wire["t"]);
  const price = priceOf(wire["p"]);
  const size = countOf(wire["s"]);
  const update = wire["u"];
  if (exchangeTimeMs === undefined) return "latestTrade.t: expected a time";
  if (price === undefined) return "latestTrade.p: expected a price";
  if (size === undefined) return "latestTrade.s: expected a count";
  if (update !== undefined && typeof update !== "string") return "latestTrade.u: expected text";
  // A correction's own price stands; what was cancelled or was incorrect never happened.
  if (update === "canceled" || update === "incorrect") return undefined;
  return { symbol, price, size, exchangeTimeMs };
};

const readTimedBar = (
  symbol: Ticker,
  wire: unknown,
  path: keyof typeof lastStarts,
): Bar | undefined | WireProblem => {
  if (isAbsent(wire)) return undefined;
  if (!isRecord(wire)) return `${path}: expected an object`;
  const startsAtMs = startOf(path, wire["t"]);
  if (startsAtMs === undefined) return `${path}.t: expected a time`;
  return readBar(symbol, wire, startsAtMs, path);
};

// Bars of one answer begin together: the text of the symbol before is nearly always this one's.
const lastStarts = {
  minuteBar: { text: "", atMs: 0 },
  dailyBar: { text: "", atMs: 0 },
  prevDailyBar: { text: "", atMs: 0 },
};

const startOf = (path: keyof typeof lastStarts, value: unknown): number | undefined => {
  const last = lastStarts[path];
  if (value === last.text && last.text !== "") return last.atMs;
  const atMs = timeOf(value);
  if (atMs !== undefined && typeof value === "string") lastStarts[path] = { text: value, atMs };
  return atMs;
};
