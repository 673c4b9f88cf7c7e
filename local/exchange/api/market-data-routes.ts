import { priceToFloat } from "../../../shared/domain/market/price.ts";
import type { Bar, Quote, Trade } from "../../../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { MarketFeed, MarketState } from "../prices/market-feed.ts";
import type { Json } from "../faults/distort-body.ts";
import type { VendorFeed } from "../vendors/vendor-feed.ts";
import type { Route, RouteAnswer, RouteInput } from "./api.ts";
import { parseWireTime, toNanoTime } from "./wire-time.ts";

const BARS_LIMIT = 1_000;
const BARS_LIMIT_MAX = 10_000;
const SYMBOLS_MAX = 1_000;
const MS_PER_DAY = 86_400_000;

/**
 * Alpaca's market data over a feed; numbers are numbers here, and times have nanoseconds. What is
 * of this moment goes through the vendor's own look at the feed.
 */
export const createMarketDataRoutes = (
  feed: MarketFeed,
  vendorFeed: VendorFeed,
): readonly Route[] => [
  {
    method: "GET",
    pattern: "/v2/stocks/snapshots",
    answer: forSymbols((symbols, input) => bySymbol(symbols, vendorFeed, input, toWireSnapshot)),
  },
  {
    method: "GET",
    pattern: "/v2/stocks/quotes/latest",
    answer: forSymbols((symbols, input) => ({
      quotes: bySymbol(symbols, vendorFeed, input, ({ quote }) => quote && toWireQuote(quote)),
    })),
  },
  {
    method: "GET",
    pattern: "/v2/stocks/trades/latest",
    answer: forSymbols((symbols, input) => ({
      trades: bySymbol(symbols, vendorFeed, input, ({ trade }) => trade && toWireTrade(trade)),
    })),
  },
  { method: "GET", pattern: "/v2/stocks/bars", answer: (input) => answerBars(feed, input) },
  {
    method: "GET",
    pattern: "/v1beta1/indices/latest/values",
    answer: ({ query, path, nowMs }) => {
      const isAsked = (query.get("symbols") ?? "").split(",").includes("VIX");
      const index = isAsked ? vendorFeed.open(`GET ${path}`, nowMs).volatilityIndex() : undefined;
      const value = index && { VIX: { t: toNanoTime(index.atMs), v: index.value } };
      return { status: 200, body: { values: value ?? {} } };
    },
  },
];

const forSymbols =
  (answer: (symbols: readonly Ticker[], input: RouteInput) => Json) =>
  (input: RouteInput): RouteAnswer => {
    const symbols = parseSymbols(input.query);
    return symbols.ok ? { status: 200, body: answer(symbols.value, input) } : symbols.error;
  };

const parseSymbols = (query: URLSearchParams): Result<readonly Ticker[], RouteAnswer> => {
  const names = (query.get("symbols") ?? "").split(",").filter((name) => name !== "");
  if (names.length === 0) return err(refuse("symbols is required"));
  if (names.length > SYMBOLS_MAX) return err(refuse("too many symbols"));
  const bad = names.find((name) => parseTicker(name) === undefined);
  if (bad !== undefined) return err(refuse(`invalid symbol: ${bad}`));
  return ok(names.flatMap((name) => parseTicker(name) ?? []));
};

const refuse = (message: string): RouteAnswer => ({ status: 400, body: { message } });

/** A symbol of which nothing is known is absent, as at Alpaca. */
const bySymbol = (
  symbols: readonly Ticker[],
  vendorFeed: VendorFeed,
  { path, nowMs }: RouteInput,
  show: (state: MarketState) => Json | undefined,
): Json => {
  const view = vendorFeed.open(`GET ${path}`, nowMs);
  return Object.fromEntries(
    symbols.flatMap((symbol) => {
      const state = view.stateOf(symbol);
      const shown = state && show(state);
      return shown === undefined ? [] : [[symbol, shown]];
    }),
  );
};

const toWireSnapshot = (state: MarketState): Json | undefined => {
  const { quote, trade, minuteBar, dailyBar, previousDailyBar } = state;
  if (quote === undefined && trade === undefined) return undefined;
  return {
    latestTrade: trade && toWireTrade(trade),
    latestQuote: quote && toWireQuote(quote),
    minuteBar: minuteBar && toWireBar(minuteBar),
    dailyBar: dailyBar && toWireBar(dailyBar),
    prevDailyBar: previousDailyBar && toWireBar(previousDailyBar),
  };
};

const toWireQuote = (quote: Quote): Json => ({
  t: toNanoTime(quote.exchangeTimeMs ?? 0),
  bx: "Q",
  bp: priceToFloat(quote.bid),
  bs: quote.bidSize,
  ax: "P",
  ap: priceToFloat(quote.ask),
  as: quote.askSize,
  c: ["R"],
  z: tapeOf(quote.symbol),
});

const toWireTrade = (trade: Trade): Json => ({
  t: toNanoTime(trade.exchangeTimeMs ?? 0),
  x: "D",
  p: priceToFloat(trade.price),
  s: trade.size,
  c: ["@"],
  i: Math.floor((trade.exchangeTimeMs ?? 0) / 1_000),
  z: tapeOf(trade.symbol),
});

const toWireBar = (bar: Bar): Json => ({
  t: toNanoTime(bar.startsAtMs).replace(/\.\d+Z$/, "Z"),
  o: priceToFloat(bar.open),
  h: priceToFloat(bar.high),
  l: priceToFloat(bar.low),
  c: priceToFloat(bar.close),
  v: bar.volume,
  n: Math.max(1, Math.round(bar.volume / 120)),
  // The bars keep no price by volume; the middle of what they keep stands in.
  vw: Math.round((bar.high + bar.low + bar.close) / 3) / 10_000,
});

const tapeOf = (symbol: Ticker): string => (symbol.length >= 4 ? "C" : "B");

type BarRow = { readonly symbol: Ticker; readonly bar: Bar };

const answerBars = (feed: MarketFeed, { query, nowMs }: RouteInput): RouteAnswer => {
  const symbols = parseSymbols(query);
  if (!symbols.ok) return symbols.error;
  const span = spanOf(query.get("timeframe") ?? "1Min");
  if (span === undefined) return refuse("invalid timeframe: only 1Min and 1Day are simulated");
  const fromMs = parseWireTime(query.get("start")) ?? Math.floor(nowMs / MS_PER_DAY) * MS_PER_DAY;
  const toMs = Math.min(nowMs, parseWireTime(query.get("end")) ?? nowMs);
  const limit = Number(query.get("limit") ?? BARS_LIMIT);
  const offset = parsePageToken(query.get("page_token"));
  if (!Number.isInteger(limit) || limit < 1 || limit > BARS_LIMIT_MAX)
    return refuse("invalid limit");
  if (offset === undefined) return refuse("invalid page_token");
  const rows = symbols.value
    .toSorted()
    .flatMap((symbol) =>
      feed.barsOf(symbol, span, fromMs, toMs).map((bar): BarRow => ({ symbol, bar })),
    );
  const shown = Object.groupBy(rows.slice(offset, offset + limit), ({ symbol }) => symbol);
  const isMore = rows.length > offset + limit;
  return {
    status: 200,
    body: {
      bars: Object.fromEntries(
        Object.entries(shown).map(([symbol, each = []]) => [
          symbol,
          each.map(({ bar }) => toWireBar(bar)),
        ]),
      ),
      next_page_token: isMore ? toPageToken(offset + limit) : null,
    },
  };
};

const spanOf = (timeframe: string): "minute" | "day" | undefined => {
  if (timeframe === "1Min" || timeframe === "1T") return "minute";
  return timeframe === "1Day" || timeframe === "1D" ? "day" : undefined;
};

const toPageToken = (offset: number): string => Buffer.from(`rows/${offset}`).toString("base64url");

const parsePageToken = (token: string | null): number | undefined => {
  if (token === null || token === "") return 0;
  const match = /^rows\/(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString());
  return match === null ? undefined : Number(match[1]);
};
