import { newYorkDayStartMs } from "../../../shared/adapters/market-data/new-york-day.ts";
import type { Bar, Snapshot } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { MarketState } from "../prices/market-feed.ts";
import type { FeedVendor } from "./vendor-paths.ts";

/** Shares in the unit that Polygon counts sizes in. */
const ROUND_LOT = 100;

/** What part of all shares is traded on IEX. */
export const IEX_PART = 0.03;

/** Round lots, at least one. */
export const roundLots = (shares: number): number => Math.max(1, Math.round(shares / ROUND_LOT));

/** What remains of a state when a vendor has told it in its own format, as its adapter reads it. */
export const vendorSnapshot = (
  vendor: FeedVendor,
  symbol: Ticker,
  state: MarketState,
  answer: { readonly receivedAtMs: number; readonly isDelayed: boolean },
): Snapshot => {
  const { receivedAtMs } = answer;
  switch (vendor) {
    case "alpaca":
      return { symbol, source: "alpaca", origin: "iex", ...state, receivedAtMs };
    case "polygon":
      return polygonSnapshot(symbol, state, answer);
    case "tiingo":
      return { symbol, source: "tiingo", origin: "iex", ...tiingoParts(state), receivedAtMs };
    case "yahoo":
      return {
        symbol,
        source: "yahoo",
        quality: "tradeOnly",
        ...yahooParts(state),
        receivedAtMs,
      };
  }
};

const polygonSnapshot = (
  symbol: Ticker,
  state: MarketState,
  { receivedAtMs, isDelayed }: { readonly receivedAtMs: number; readonly isDelayed: boolean },
): Snapshot => {
  const { quote, dailyBar, previousDailyBar } = state;
  return {
    symbol,
    source: "polygon",
    ...(isDelayed ? { quality: "delayed" as const } : {}),
    ...state,
    quote: quote && {
      ...quote,
      bidSize: roundLots(quote.bidSize) * ROUND_LOT,
      askSize: roundLots(quote.askSize) * ROUND_LOT,
    },
    dailyBar: dailyBar && fromMidnight(dailyBar),
    previousDailyBar: previousDailyBar && fromMidnight(previousDailyBar),
    receivedAtMs,
  };
};

type Parts = Omit<Snapshot, "symbol" | "source" | "origin" | "quality" | "receivedAtMs">;

const tiingoParts = ({ quote, trade, dailyBar, previousDailyBar }: MarketState): Parts => ({
  ...(quote === undefined ? { quality: "tradeOnly" } : {}),
  quote,
  trade,
  minuteBar: undefined,
  dailyBar: dailyBar &&
    trade && {
      ...fromMidnight(dailyBar),
      high: trade.price > dailyBar.high ? trade.price : dailyBar.high,
      low: trade.price < dailyBar.low ? trade.price : dailyBar.low,
      close: trade.price,
      volume: Math.round(dailyBar.volume * IEX_PART),
    },
  previousDailyBar: undefined,
  previousClose: previousDailyBar?.close,
});

/** Whole seconds, no sizes and no quotes. */
const yahooParts = ({ trade, minuteBar, dailyBar, previousDailyBar }: MarketState): Parts => ({
  quote: undefined,
  trade: trade && {
    ...trade,
    size: 0,
    exchangeTimeMs: Math.floor((trade.exchangeTimeMs ?? 0) / 1_000) * 1_000,
  },
  minuteBar,
  dailyBar: dailyBar && fromMidnight(dailyBar),
  previousDailyBar: undefined,
  previousClose: previousDailyBar?.close,
});

/** Bars of days have no time of their own at most vendors: the day's beginning stands in. */
const fromMidnight = (bar: Bar): Bar => ({
  ...bar,
  startsAtMs: newYorkDayStartMs(bar.startsAtMs),
});
