import { sessionOf, type Session } from "../../shared/domain/market/calendar.ts";
import { scalePrice, type Price } from "../../shared/domain/market/price.ts";
import type { Bar, Quote, Trade } from "../../shared/domain/market/quote.ts";
import type { SplitRatio } from "../../shared/domain/market/share-split.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { MarketState } from "../exchange/prices/market-feed.ts";
import type { RecordedDay, RecordedSymbolDay } from "../recorded-days/recorded-day.ts";

const MS_PER_MINUTE = 60_000;

/** Takes what became known: a minute's closing quote, or its trades. */
export type TapeListener = {
  readonly onQuote: (quote: Quote) => void;
  readonly onTrades: (minute: Bar) => void;
};

/**
 * Recorded days played forward once. It says the same as the recorded feed, but remembers where it
 * is, so that a minute costs as much as it holds and not a search through the day.
 */
export type RecordedTape = {
  /** Puts a day in; the day before becomes yesterday. */
  readonly startDay: (day: RecordedDay) => void;
  /** Tells everything that was over at `atMs` (epoch ms) and was not told yet, symbol by symbol. */
  readonly playTo: (atMs: number, listener: TapeListener) => void;
  /** What is known of a symbol now; `undefined` for one that is not recorded. */
  readonly stateOf: (symbol: Ticker) => MarketState | undefined;
};

/** A tape of these symbols, before its first day. */
export const createRecordedTape = (symbols: readonly Ticker[]): RecordedTape => {
  const tracks = new Map(symbols.map((symbol) => [symbol, createTrack()]));
  return {
    startDay: (day) => {
      const session = sessionOf(day.date);
      for (const [symbol, track] of tracks) startTrack(track, day.symbols.get(symbol), session);
      for (const split of day.splits ?? []) {
        const track = tracks.get(split.symbol);
        if (track !== undefined) track.split = split;
      }
    },
    playTo: (atMs, listener) => {
      for (const track of tracks.values()) playTrack(track, atMs - MS_PER_MINUTE, listener);
    },
    stateOf: (symbol) => tracks.get(symbol)?.state,
  };
};

/** One symbol's place in its day. Changed in place: it moves with every recorded row. */
type Track = {
  day: RecordedSymbolDay | undefined;
  session: Session | undefined;
  quotesTold: number;
  tradesTold: number;
  /** What became of the shares in the night before. */
  split: SplitRatio | undefined;
  state: { -readonly [Key in keyof MarketState]: MarketState[Key] };
};

const createTrack = (): Track => ({
  day: undefined,
  session: undefined,
  quotesTold: 0,
  tradesTold: 0,
  split: undefined,
  state: {
    quote: undefined,
    trade: undefined,
    minuteBar: undefined,
    dailyBar: undefined,
    previousDailyBar: undefined,
  },
});

/** What was known of a symbol stays until its own first quote of the day. */
const startTrack = (
  track: Track,
  day: RecordedSymbolDay | undefined,
  session: Session | undefined,
): void => {
  track.day = day;
  track.session = session;
  track.quotesTold = 0;
  track.tradesTold = 0;
  track.split = undefined;
};

/** Tells the bars that started at `lastStartMs` or before; trades last, because they are the mark. */
const playTrack = (track: Track, lastStartMs: number, listener: TapeListener): void => {
  const { day } = track;
  if (day === undefined) return;
  for (;;) {
    if (!(day.quotes.startsAtMs(track.quotesTold) <= lastStartMs)) break;
    const quote = day.quotes.at(track.quotesTold);
    if (quote === undefined) break;
    if (track.quotesTold === 0) turnDay(track);
    track.quotesTold++;
    track.state.quote = quote;
    listener.onQuote(quote);
  }
  if (track.quotesTold === 0) return;
  for (;;) {
    if (!(day.trades.startsAtMs(track.tradesTold) <= lastStartMs)) break;
    const bar = day.trades.at(track.tradesTold);
    if (bar === undefined) break;
    track.tradesTold++;
    const { state } = track;
    state.minuteBar = bar;
    state.trade = lastTradeOf(bar);
    if (isRegular(bar, track.session)) state.dailyBar = extendBar(state.dailyBar, bar);
    listener.onTrades(bar);
  }
};

/** Vendors state the day before in the shares of today. */
const turnDay = ({ state, split }: Track): void => {
  state.previousDailyBar =
    split === undefined || state.dailyBar === undefined
      ? state.dailyBar
      : splitBar(state.dailyBar, split);
  state.dailyBar = undefined;
  state.minuteBar = undefined;
  state.trade = undefined;
};

const splitBar = (bar: Bar, { newShares, oldShares }: SplitRatio): Bar => {
  const priceOf = (price: Price): Price => scalePrice(price, oldShares / newShares);
  return {
    ...bar,
    open: priceOf(bar.open),
    high: priceOf(bar.high),
    low: priceOf(bar.low),
    close: priceOf(bar.close),
    volume: Math.round((bar.volume * newShares) / oldShares),
  };
};

const lastTradeOf = (bar: Bar): Trade => ({
  symbol: bar.symbol,
  price: bar.close,
  size: Math.min(100, bar.volume),
  exchangeTimeMs: bar.startsAtMs + MS_PER_MINUTE,
});

const isRegular = (bar: Bar, session: Session | undefined): boolean =>
  session !== undefined &&
  bar.startsAtMs >= session.opensAtMs &&
  bar.startsAtMs < session.closesAtMs;

const extendBar = (bar: Bar | undefined, next: Bar): Bar =>
  bar === undefined
    ? next
    : {
        symbol: bar.symbol,
        open: bar.open,
        high: next.high > bar.high ? next.high : bar.high,
        low: next.low < bar.low ? next.low : bar.low,
        close: next.close,
        volume: bar.volume + next.volume,
        startsAtMs: bar.startsAtMs,
      };
