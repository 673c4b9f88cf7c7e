import type { Price } from "../../../shared/domain/market/price.ts";
import type { Bar, Quote } from "../../../shared/domain/market/quote.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { RecordedDays, RecordedSymbolDay } from "../../recorded-days/recorded-day.ts";
import { countStarted, type RecordedRows } from "../../recorded-days/recorded-rows.ts";
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
        .flatMap((day) =>
          span === "minute" ? barsUntil(day.trades, toMs) : (sessionBar(day, toMs) ?? []),
        )
        .filter((bar) => bar.startsAtMs >= fromMs && bar.startsAtMs + MS_PER_MINUTE <= toMs),
    volatilityIndexAt: () => undefined,
  };
};

const dayIndexAt = (days: readonly RecordedSymbolDay[], atMs: number): number =>
  days.findLastIndex(({ quotes }) => quotes.startsAtMs(0) + MS_PER_MINUTE <= atMs);

/** How many rows are over. */
const countOver = (rows: RecordedRows<unknown>, atMs: number): number =>
  countStarted(rows, atMs - MS_PER_MINUTE, MS_PER_MINUTE);

const quoteAt = (day: RecordedSymbolDay | undefined, atMs: number): Quote | undefined =>
  day?.quotes.at(countOver(day.quotes, atMs) - 1);

const stateAt = (
  day: RecordedSymbolDay | undefined,
  before: RecordedSymbolDay | undefined,
  atMs: number,
): MarketState => {
  const minuteBar = day?.trades.at(countOver(day.trades, atMs) - 1);
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
const sessionBar = ({ date, trades }: RecordedSymbolDay, atMs: number): Bar | undefined => {
  const session = sessionOf(date);
  if (session === undefined) return undefined;
  const bars = barsUntil(trades, atMs);
  return aggregateBars(
    bars.filter(
      ({ startsAtMs }) => startsAtMs >= session.opensAtMs && startsAtMs < session.closesAtMs,
    ),
  );
};

const barsUntil = (rows: RecordedRows<Bar>, atMs: number): readonly Bar[] =>
  Array.from({ length: countOver(rows, atMs) }, (_none, index) => rows.at(index) ?? []).flat();
