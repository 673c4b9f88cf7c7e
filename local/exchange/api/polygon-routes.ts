import { priceToFloat } from "../../../shared/domain/market/price.ts";
import type { Bar, Quote, Trade } from "../../../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Json } from "../faults/distort-body.ts";
import type { MarketState } from "../prices/market-feed.ts";
import type { VendorFeed } from "../vendors/vendor-feed.ts";
import { roundLots } from "../vendors/vendor-snapshot.ts";
import type { Route, RouteAnswer, RouteInput } from "./api.ts";
import { polygonError } from "./vendor-errors.ts";

const SNAPSHOTS = "/v2/snapshot/locale/us/markets/stocks/tickers";
const INDEX = "I:VIX";
const SYMBOLS_MAX = 1_000;
const NANOSECONDS_PER_MS = 1_000_000n;

/** Polygon's (Massive's) snapshots and indices over a feed; times are in nanoseconds. */
export const createPolygonRoutes = (vendorFeed: VendorFeed): readonly Route[] => [
  {
    method: "GET",
    pattern: SNAPSHOTS,
    answer: (input) => answerSnapshots(vendorFeed, input),
  },
  {
    method: "GET",
    pattern: `${SNAPSHOTS}/{symbol}`,
    answer: (input) => answerSnapshot(vendorFeed, input),
  },
  {
    method: "GET",
    pattern: "/v3/snapshot/indices",
    answer: (input) => answerIndices(vendorFeed, input),
  },
];

const answerSnapshots = (vendorFeed: VendorFeed, { query, path, nowMs }: RouteInput) => {
  const names = (query.get("tickers") ?? "").split(",").filter((name) => name !== "");
  // Without names the vendor sends the whole market, which nobody here asks for.
  if (names.length === 0 || names.length > SYMBOLS_MAX) {
    return polygonError(400, "ERROR", "The tickers are missing or too many.");
  }
  const view = vendorFeed.open(`GET ${path}`, nowMs);
  const tickers = names.flatMap((name): Json[] => {
    const symbol = parseTicker(name);
    const state = symbol && view.stateOf(symbol);
    return symbol === undefined || state === undefined ? [] : [toWireTicker(symbol, state)];
  });
  const status = view.isDelayed ? "DELAYED" : "OK";
  return { status: 200, body: { count: tickers.length, status, tickers } };
};

const answerSnapshot = (
  vendorFeed: VendorFeed,
  { parameters, path, nowMs }: RouteInput,
): RouteAnswer => {
  const view = vendorFeed.open(`GET ${path}`, nowMs);
  const symbol = parseTicker(parameters["symbol"] ?? "");
  const state = symbol && view.stateOf(symbol);
  if (symbol === undefined || state === undefined) {
    return polygonError(404, "NotFound", "The ticker was not found.");
  }
  const status = view.isDelayed ? "DELAYED" : "OK";
  return {
    status: 200,
    body: { request_id: idAt(nowMs), status, ticker: toWireTicker(symbol, state) },
  };
};

/** An index that the vendor does not have is an error of its own within the answer. */
const answerIndices = (vendorFeed: VendorFeed, { query, path, nowMs }: RouteInput): RouteAnswer => {
  const view = vendorFeed.open(`GET ${path}`, nowMs);
  const index = view.volatilityIndex();
  const names = (query.get("ticker.any_of") ?? INDEX).split(",").slice(0, SYMBOLS_MAX);
  const results = names.map((ticker): Json => {
    if (ticker !== INDEX || index === undefined) {
      return { ticker, error: "NOT_FOUND", message: "Ticker not found." };
    }
    return {
      ticker,
      name: "Cboe Volatility Index",
      type: "indices",
      market_status: "open",
      timeframe: view.isDelayed ? "DELAYED" : "REAL-TIME",
      value: index.value,
      last_updated: toNanoseconds(index.atMs),
    };
  });
  return { status: 200, body: { request_id: idAt(nowMs), status: "OK", results } };
};

const idAt = (nowMs: number): string => nowMs.toString(16).padStart(32, "0");

/** Six more digits that follow from the rest, because zeros would hide a lossy reader. */
const toNanoseconds = (epochMs: number): bigint =>
  BigInt(epochMs) * NANOSECONDS_PER_MS + BigInt((epochMs * 7_919) % 1_000_000);

const toWireTicker = (symbol: Ticker, state: MarketState): Json => {
  const { quote, trade, minuteBar, dailyBar, previousDailyBar } = state;
  const last = trade?.price ?? 0;
  const before = previousDailyBar?.close ?? last;
  const updatedMs = Math.max(quote?.exchangeTimeMs ?? 0, trade?.exchangeTimeMs ?? 0);
  return {
    ticker: symbol,
    todaysChange: (last - before) / 10_000,
    todaysChangePerc: before === 0 ? 0 : ((last - before) / before) * 100,
    updated: toNanoseconds(updatedMs),
    day: toWireBar(dailyBar),
    ...(quote === undefined ? {} : { lastQuote: toWireQuote(quote) }),
    ...(trade === undefined ? {} : { lastTrade: toWireTrade(trade) }),
    min: toWireMinute(minuteBar, dailyBar),
    prevDay: toWireBar(previousDailyBar),
  };
};

/** Capital letters are the ask. */
const toWireQuote = (quote: Quote): Json => ({
  P: priceToFloat(quote.ask),
  S: roundLots(quote.askSize),
  p: priceToFloat(quote.bid),
  s: roundLots(quote.bidSize),
  t: toNanoseconds(quote.exchangeTimeMs ?? 0),
});

const toWireTrade = (trade: Trade): Json => ({
  c: [14, 41],
  ds: `${trade.size}.0`,
  i: String(Math.floor((trade.exchangeTimeMs ?? 0) / 1_000)),
  p: priceToFloat(trade.price),
  s: trade.size,
  t: toNanoseconds(trade.exchangeTimeMs ?? 0),
  x: 4,
});

/** Cleared parts are full of zeros. */
const toWireBar = (bar: Bar | undefined): Readonly<Record<string, Json>> => {
  const middle = bar === undefined ? 0 : Math.round((bar.high + bar.low + bar.close) / 3) / 10_000;
  return {
    o: dollars(bar?.open),
    h: dollars(bar?.high),
    l: dollars(bar?.low),
    c: dollars(bar?.close),
    v: bar?.volume ?? 0,
    dv: `${bar?.volume ?? 0}.0`,
    vw: middle,
  };
};

const toWireMinute = (bar: Bar | undefined, day: Bar | undefined): Json => ({
  ...toWireBar(bar),
  av: day?.volume ?? 0,
  dav: `${day?.volume ?? 0}.0`,
  n: bar === undefined ? 0 : Math.max(1, Math.round(bar.volume / 120)),
  t: bar?.startsAtMs ?? 0,
});

const dollars = (price: Bar["open"] | undefined): number =>
  price === undefined ? 0 : priceToFloat(price);
