import type { Bar, Snapshot, Trade } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import {
  countOf,
  isAbsent,
  isRecord,
  priceOf,
  secondsOf,
  type WireProblem,
  type WireRecord,
} from "../http/wire-fields.ts";
import { newYorkDayStartMs } from "../market-data/new-york-day.ts";

/** What an index stands at. */
export type ChartIndex = { readonly value: number; readonly atMs: number };

/**
 * Reads a symbol's chart of the day in minutes. There is neither bid nor ask, so it is `tradeOnly`:
 * fit to confirm another vendor's price, never to be the only one.
 */
export const readYahooChart = (
  symbol: Ticker,
  wireName: string,
  chart: unknown,
  receivedAtMs: number,
): Snapshot | WireProblem => {
  if (!isRecord(chart)) return "result.0: expected an object";
  const { meta } = chart;
  if (!isRecord(meta)) return "meta: expected an object";
  if (meta["symbol"] !== wireName) return "meta.symbol: is not the symbol that was asked for";
  // A listing in another currency has the same name on some exchanges.
  if (meta["currency"] !== "USD") return "meta.currency: expected USD";
  const trade = readTrade(symbol, meta);
  if (typeof trade === "string") return trade;
  const previousClose = readPreviousClose(meta);
  if (typeof previousClose === "string") return previousClose;
  const rows = readRows(chart);
  if (typeof rows === "string") return rows;
  const bars = readBars(symbol, rows);
  if (typeof bars === "string") return bars;
  return {
    symbol,
    source: "yahoo",
    quality: "tradeOnly",
    ...previousClose,
    quote: undefined,
    trade,
    minuteBar: lastOver(bars, trade.exchangeTimeMs),
    dailyBar: dayOf(symbol, bars, trade),
    previousDailyBar: undefined,
    receivedAtMs,
  };
};

/** Reads an index from its chart. */
export const readYahooIndex = (wireName: string, chart: unknown): ChartIndex | WireProblem => {
  const meta = isRecord(chart) ? chart["meta"] : undefined;
  if (!isRecord(meta)) return "meta: expected an object";
  if (meta["symbol"] !== wireName) return "meta.symbol: is not the index that was asked for";
  const value = meta["regularMarketPrice"];
  const atMs = secondsOf(meta["regularMarketTime"]);
  if (typeof value !== "number" || !(value > 0)) {
    return "meta.regularMarketPrice: expected a positive number";
  }
  if (atMs === undefined) return "meta.regularMarketTime: expected seconds";
  return { value, atMs };
};

type TimedTrade = Trade & { readonly exchangeTimeMs: number };

const readTrade = (symbol: Ticker, meta: WireRecord): TimedTrade | WireProblem => {
  const price = priceOf(meta["regularMarketPrice"]);
  const exchangeTimeMs = secondsOf(meta["regularMarketTime"]);
  if (price === undefined || price === 0) return "meta.regularMarketPrice: expected a price";
  if (exchangeTimeMs === undefined) return "meta.regularMarketTime: expected seconds";
  return { symbol, price, size: 0, exchangeTimeMs };
};

/** Left out for a symbol on its first day. */
const readPreviousClose = (meta: WireRecord): Pick<Snapshot, "previousClose"> | WireProblem => {
  const { chartPreviousClose } = meta;
  if (isAbsent(chartPreviousClose)) return {};
  const previousClose = priceOf(chartPreviousClose);
  if (previousClose === undefined) return "meta.chartPreviousClose: expected a price";
  return { previousClose };
};

type Rows = {
  readonly times: readonly unknown[];
  readonly columns: Readonly<Record<ColumnName, readonly unknown[]>>;
};

const COLUMNS = ["open", "high", "low", "close", "volume"] as const;
type ColumnName = (typeof COLUMNS)[number];

/** A day has no more minutes than this, with both extended sessions. */
const ROWS_MAX = 1_440;
const NO_ROWS: Rows = {
  times: [],
  columns: { open: [], high: [], low: [], close: [], volume: [] },
};

/** Before the first trade of a day the times and all columns are left out. */
const readRows = ({ timestamp, indicators }: WireRecord): Rows | WireProblem => {
  if (isAbsent(timestamp)) return NO_ROWS;
  if (!Array.isArray(timestamp)) return "timestamp: expected a list";
  if (timestamp.length > ROWS_MAX) return "timestamp: has more rows than a day has minutes";
  const quotes = isRecord(indicators) ? indicators["quote"] : undefined;
  const quote: unknown = Array.isArray(quotes) ? quotes[0] : undefined;
  if (!isRecord(quote)) return "indicators.quote.0: expected an object";
  const columns: Partial<Record<ColumnName, readonly unknown[]>> = {};
  for (const name of COLUMNS) {
    const column = quote[name];
    if (!Array.isArray(column) || column.length !== timestamp.length) {
      return `indicators.quote.0.${name}: expected a row for each time`;
    }
    columns[name] = column;
  }
  return { times: timestamp, columns: { ...NO_ROWS.columns, ...columns } };
};

/** A minute without a trade is a row of nulls, which is no bar. */
const readBars = (symbol: Ticker, { times, columns }: Rows): readonly Bar[] | WireProblem => {
  const bars: Bar[] = [];
  for (const [index, time] of times.entries()) {
    const startsAtMs = secondsOf(time);
    if (startsAtMs === undefined) return `timestamp.${index}: expected seconds`;
    if (COLUMNS.every((name) => columns[name][index] === null)) continue;
    const open = priceOf(columns.open[index]);
    const high = priceOf(columns.high[index]);
    const low = priceOf(columns.low[index]);
    const close = priceOf(columns.close[index]);
    const volume = countOf(columns.volume[index] ?? 0);
    const isWhole =
      open !== undefined && high !== undefined && low !== undefined && close !== undefined;
    if (!isWhole || volume === undefined) {
      return `indicators.quote.0: row ${index} is neither a bar nor null`;
    }
    bars.push({ symbol, open, high, low, close, volume, startsAtMs });
  }
  return bars;
};

const MS_PER_MINUTE = 60_000;

/** The last row is the minute that is under way, stamped with its last trade. */
const lastOver = (bars: readonly Bar[], nowMs: number): Bar | undefined =>
  bars.findLast(
    ({ startsAtMs }) => startsAtMs % MS_PER_MINUTE === 0 && startsAtMs + MS_PER_MINUTE <= nowMs,
  );

const dayOf = (symbol: Ticker, bars: readonly Bar[], last: TimedTrade): Bar | undefined => {
  const [first] = bars;
  if (first === undefined) return undefined;
  let { high, low } = first;
  let volume = 0;
  for (const bar of bars) {
    if (bar.high > high) ({ high } = bar);
    if (bar.low < low) ({ low } = bar);
    volume += bar.volume;
  }
  return {
    symbol,
    open: first.open,
    high: last.price > high ? last.price : high,
    low: last.price < low ? last.price : low,
    close: last.price,
    volume,
    startsAtMs: newYorkDayStartMs(first.startsAtMs),
  };
};
