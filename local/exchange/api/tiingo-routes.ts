import { priceToFloat, type Price } from "../../../shared/domain/market/price.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Json } from "../faults/distort-body.ts";
import type { MarketState } from "../prices/market-feed.ts";
import type { VendorFeed } from "../vendors/vendor-feed.ts";
import { IEX_PART } from "../vendors/vendor-snapshot.ts";
import type { Route } from "./api.ts";
import { toNanoTime } from "./wire-time.ts";

const SYMBOLS_MAX = 1_000;

/** Tiingo's IEX feed over a feed: a list, from which what is not known is absent. */
export const createTiingoRoutes = (vendorFeed: VendorFeed): readonly Route[] => [
  {
    method: "GET",
    pattern: "/iex/?",
    answer: ({ query, path, nowMs }) => {
      const names = (query.get("tickers") ?? "").split(",").slice(0, SYMBOLS_MAX);
      const view = vendorFeed.open(`GET ${path}`, nowMs);
      const list = names.flatMap((name): Json[] => {
        const symbol = symbolOf(name);
        const state = symbol && view.stateOf(symbol);
        return symbol === undefined || state === undefined ? [] : [toWireItem(name, state)];
      });
      return { status: 200, body: list };
    },
  },
];

/** Classes of shares are written with a dash here and with a point on the exchanges. */
const symbolOf = (name: string): Ticker | undefined =>
  parseTicker(name.toUpperCase().replace("-", "."));

const toWireItem = (
  name: string,
  { quote, trade, dailyBar, previousDailyBar }: MarketState,
): Json => {
  const tradedAtMs = trade?.exchangeTimeMs;
  const quotedAtMs = quote?.exchangeTimeMs;
  const newestMs = Math.max(tradedAtMs ?? 0, quotedAtMs ?? 0);
  const last = dollars(trade?.price);
  return {
    ticker: name.toUpperCase(),
    timestamp: toTime(newestMs),
    lastSaleTimestamp: toTime(tradedAtMs),
    quoteTimestamp: toTime(quotedAtMs),
    open: dollars(dailyBar?.open),
    high: dollars(dailyBar?.high),
    low: dollars(dailyBar?.low),
    mid: quote === undefined ? null : (quote.bid + quote.ask) / 20_000,
    tngoLast: last,
    last,
    lastSize: trade?.size ?? null,
    bidSize: quote?.bidSize ?? null,
    bidPrice: dollars(quote?.bid),
    askPrice: dollars(quote?.ask),
    askSize: quote?.askSize ?? null,
    volume: dailyBar === undefined ? null : Math.round(dailyBar.volume * IEX_PART),
    prevClose: dollars(previousDailyBar?.close),
  };
};

const dollars = (price: Price | undefined): number | null =>
  price === undefined ? null : priceToFloat(price);

/** The vendor writes the offset in full. */
const toTime = (epochMs: number | undefined): string | null =>
  epochMs === undefined ? null : toNanoTime(epochMs).replace("Z", "+00:00");
