import type { Price } from "../../../shared/domain/market/price.ts";
import type { Bar, Quote } from "../../../shared/domain/market/quote.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type {
  QuoteBar,
  RecordedDays,
  RecordedSymbolDay,
} from "../../recorded-days/recorded-day.ts";
import { aggregateBars } from "./aggregate-bars.ts";
import type { MarketFeed, MarketState } from "./market-feed.ts";

const MS_PER_MINUTE = 60_000;

/**
 * Serves recorded days. A bar counts from the end of its minute on, so that nobody sees the future.
 * Recordings hold no volatility index, and none is invented.
 */
export const createRecordedFeed = (recorded: RecordedDays): MarketFeed => {
  const daysBySymbol = new Map<Ticker, readonly RecordedSymbolDay[]>(
    recorded.symbols.map((symbol) => [
      symbol,
      recorded.days.flatMap(({ symbols }) => symbols.get(symbol) ?? []),
    ]),
  );
  const stateOf = (symbol: Ticker, atMs: number): MarketState | undefined => {
    const days = daysBySymbol.get(symbol);
    if (days === undefined) return undefined;
    const index = dayIndexAt(days, atMs);
    return stateAt(days[index], days[index - 1], atMs);
  };
  return {
    kind: "recorded",
    symbols: recorded.symbols,
    quoteOf: (symbol, atMs) => {
      const days = daysBySymbol.get(symbol) ?? [];
      return quoteAt(days[dayIndexAt(days, atMs)], atMs);
    },
    stateOf,
    barsOf: (symbol, span, fromMs, toMs) =>
      (daysBySymbol.get(symbol) ?? [])
        .flatMap((day) => (span === "minute" ? day.trades : (sessionBar(day, toMs) ?? [])))
        .filter((bar) => bar.startsAtMs >= fromMs && bar.startsAtMs + MS_PER_MINUTE <= toMs),
    volatilityIndexAt: () => undefined,
  };
};

const dayIndexAt = (days: readonly RecordedSymbolDay[], atMs: number): number =>
  days.findLastIndex(({ quotes }) => isOver(quotes[0], atMs));

const isOver = (bar: { readonly startsAtMs: number } | undefined, atMs: number): boolean =>
  bar !== undefined && bar.startsAtMs + MS_PER_MINUTE <= atMs;

/** The last bar that is over, found by halving. */
const lastOver = <Each extends { readonly startsAtMs: number }>(
  bars: readonly Each[],
  atMs: number,
): Each | undefined => {
  // Most days hold every minute, and then the bar is where it is expected.
  const expected = Math.floor((atMs - (bars[0]?.startsAtMs ?? atMs)) / MS_PER_MINUTE) - 1;
  const here = bars[expected];
  if (isOver(here, atMs) && !isOver(bars[expected + 1], atMs)) return here;
  let from = 0;
  let to = bars.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isOver(bars[middle], atMs)) from = middle + 1;
    else to = middle;
  }
  return bars[from - 1];
};

const quoteAt = (day: RecordedSymbolDay | undefined, atMs: number): Quote | undefined => {
  const bar = day === undefined ? undefined : lastOver(day.quotes, atMs);
  return bar === undefined ? undefined : closingQuote(bar);
};

/** The quote that stood when a recorded minute ended. */
export const closingQuote = (bar: QuoteBar): Quote => ({
  symbol: bar.symbol,
  bid: bar.bidClose,
  ask: bar.askClose,
  bidSize: bar.bidSize,
  askSize: bar.askSize,
  exchangeTimeMs: bar.startsAtMs + MS_PER_MINUTE,
});

const stateAt = (
  day: RecordedSymbolDay | undefined,
  before: RecordedSymbolDay | undefined,
  atMs: number,
): MarketState => {
  const minuteBar = day === undefined ? undefined : lastOver(day.trades, atMs);
  return {
    quote: quoteAt(day, atMs),
    trade:
      minuteBar === undefined
        ? undefined
        : {
            symbol: minuteBar.symbol,
            price: minuteBar.close satisfies Price,
            size: Math.min(100, minuteBar.volume),
            exchangeTimeMs: minuteBar.startsAtMs + MS_PER_MINUTE,
          },
    minuteBar,
    dailyBar: day === undefined ? undefined : sessionBar(day, atMs),
    previousDailyBar: before === undefined ? undefined : sessionBar(before, atMs),
  };
};

/** The regular session as far as it is over at a moment. */
const sessionBar = (day: RecordedSymbolDay, atMs: number): Bar | undefined => {
  const session = sessionOf(day.date);
  if (session === undefined) return undefined;
  return aggregateBars(
    day.trades.filter(
      (bar) =>
        bar.startsAtMs >= session.opensAtMs &&
        bar.startsAtMs < session.closesAtMs &&
        isOver(bar, atMs),
    ),
  );
};
