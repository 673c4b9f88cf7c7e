import { marketPhase, type Session } from "../../../shared/domain/market/calendar.ts";
import { priceToFloat, type Price } from "../../../shared/domain/market/price.ts";
import type { Bar, Trade } from "../../../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Json } from "../faults/distort-body.ts";
import type { MarketState } from "../prices/market-feed.ts";
import type { VendorFeed, VendorView } from "../vendors/vendor-feed.ts";
import type { Route, RouteAnswer, RouteInput } from "./api.ts";
import { yahooError } from "./vendor-errors.ts";

/** A part of an object in JSON; what is undefined is left out. */
type Fields = Readonly<Record<string, Json | undefined>>;

const INDEX = "^VIX";
const MS_PER_SECOND = 1_000;

/** Yahoo's chart over a feed: one symbol a request, its last trade and its minutes, no quote. */
export const createYahooRoutes = (vendorFeed: VendorFeed): readonly Route[] => [
  {
    method: "GET",
    pattern: "/v8/finance/chart/{symbol}",
    answer: (input) => answerChart(vendorFeed, input),
  },
];

const answerChart = (
  vendorFeed: VendorFeed,
  { parameters, path, nowMs }: RouteInput,
): RouteAnswer => {
  const name = parameters["symbol"] ?? "";
  const view = vendorFeed.open(`GET ${path}`, nowMs);
  if (name === INDEX) return answerIndex(view);
  const symbol = parseTicker(name.replace("-", "."));
  const state = symbol && view.stateOf(symbol);
  if (symbol === undefined || state?.trade === undefined) return notFound();
  const { session } = marketPhase(state.trade.exchangeTimeMs ?? nowMs);
  return chart(
    { ...metaOf(name, state.trade, session), ...dayMeta(state) },
    session === undefined ? [] : rowsOf(view, symbol, session, state.trade),
  );
};

const notFound = (): RouteAnswer =>
  yahooError(404, "Not Found", "No data found, symbol may be delisted");

const answerIndex = (view: VendorView): RouteAnswer => {
  const index = view.volatilityIndex();
  if (index === undefined) return notFound();
  const regularMarketTime = seconds(index.atMs);
  return chart(
    {
      currency: "USD",
      symbol: INDEX,
      instrumentType: "INDEX",
      regularMarketTime,
      regularMarketPrice: index.value,
    },
    [],
  );
};

const metaOf = (name: string, trade: Trade, session: Session | undefined): Fields => ({
  currency: "USD",
  symbol: name,
  exchangeName: "PCX",
  instrumentType: "EQUITY",
  gmtoffset: -18_000,
  exchangeTimezoneName: "America/New_York",
  regularMarketTime: seconds(trade.exchangeTimeMs ?? 0),
  regularMarketPrice: priceToFloat(trade.price),
  currentTradingPeriod:
    session === undefined
      ? undefined
      : { regular: { start: seconds(session.opensAtMs), end: seconds(session.closesAtMs) } },
  dataGranularity: "1m",
  range: "1d",
});

const dayMeta = ({ dailyBar, previousDailyBar }: MarketState): Fields => ({
  chartPreviousClose: dollars(previousDailyBar?.close),
  regularMarketDayHigh: dollars(dailyBar?.high),
  regularMarketDayLow: dollars(dailyBar?.low),
  regularMarketVolume: dailyBar?.volume,
});

const dollars = (price: Price | undefined): number | undefined =>
  price === undefined ? undefined : priceToFloat(price);

type Row = { readonly time: number; readonly bar: Bar | undefined };

/** Minutes that are over, and one under way with the stamp of the last trade. */
const rowsOf = (
  view: VendorView,
  symbol: Ticker,
  session: Session,
  last: Trade,
): readonly Row[] => {
  const lastAtMs = last.exchangeTimeMs ?? 0;
  const over = view
    .minuteBarsOf(symbol, session.opensAtMs)
    .filter(({ startsAtMs }) => startsAtMs < session.closesAtMs && startsAtMs < lastAtMs)
    // Minutes in which nobody traded are rows of nulls.
    .map((bar): Row => ({ time: seconds(bar.startsAtMs), bar: isThin(bar) ? undefined : bar }));
  const { price } = last;
  const underWay: Bar = {
    symbol,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 0,
    startsAtMs: lastAtMs,
  };
  return over.length === 0 ? [] : [...over, { time: seconds(lastAtMs), bar: underWay }];
};

const isThin = ({ startsAtMs, volume }: Bar): boolean => (startsAtMs / 60_000 + volume) % 53 === 0;

const seconds = (epochMs: number): number => Math.floor(epochMs / MS_PER_SECOND);

/** Before the first trade of a day there are neither times nor columns. */
const chart = (meta: Fields, rows: readonly Row[]): RouteAnswer => {
  const column = (read: (bar: Bar) => number): Json =>
    rows.map(({ bar }) => (bar === undefined ? null : read(bar)));
  const quote =
    rows.length === 0
      ? {}
      : {
          open: column(({ open }) => priceToFloat(open)),
          high: column(({ high }) => priceToFloat(high)),
          low: column(({ low }) => priceToFloat(low)),
          close: column(({ close }) => priceToFloat(close)),
          volume: column(({ volume }) => volume),
        };
  const result = {
    meta,
    timestamp: rows.length === 0 ? undefined : rows.map(({ time }) => time),
    indicators: { quote: [quote] },
  };
  return { status: 200, body: { chart: { result: [result], error: null } } };
};
