import { sessionOf } from "../../shared/domain/market/calendar.ts";
import { scalePrice, type Price } from "../../shared/domain/market/price.ts";
import type { Bar, Snapshot, Trade } from "../../shared/domain/market/quote.ts";
import type { SplitRatio } from "../../shared/domain/market/share-split.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { BookQuote } from "../exchange/core/book.ts";
import type { RecordedDay, RecordedSymbolDay } from "../recorded-days/recorded-day.ts";
import {
  ASK,
  ASK_SIZE,
  BID,
  BID_SIZE,
  CLOSE,
  HIGH,
  LOW,
  numberAt,
  priceAt,
  QUOTE_WIDTH,
  readQuote,
  readTrades,
  STARTS_AT,
  TRADES_WIDTH,
  VOLUME,
} from "../recorded-days/row-numbers.ts";
import { type DayRows, layOut } from "./day-rows.ts";

const MS_PER_MINUTE = 60_000;

/**
 * Takes what became known of a symbol, by its place among the tape's symbols: a minute's closing
 * quote, or the last price of its trades.
 */
export type TapeListener = {
  /** The quote is one object that is written over with the next: to be read at once. */
  readonly onQuote: (place: number, quote: BookQuote) => void;
  readonly onTrades: (place: number, close: Price) => void;
};

/**
 * Recorded days played forward once. It says the same as the recorded feed, but remembers where it
 * is, so that a minute costs as much as it holds: what is known of a symbol is put into objects
 * when somebody asks.
 */
export type RecordedTape = {
  readonly symbols: readonly Ticker[];
  /** Puts a day in; the day before becomes yesterday. */
  readonly startDay: (day: RecordedDay) => void;
  /**
   * Tells everything that was over at a whole minute (epoch ms) and was not told yet, minute by
   * minute and symbol by symbol; trades after the quote, because they are the mark.
   */
  readonly playTo: (atMs: number, listener: TapeListener) => void;
  /**
   * What is known of a symbol now, as a vendor's answer that arrives at `receivedAtMs` (epoch ms);
   * `undefined` for one of which nothing was told yet. A minute's bar is read by the gateway alone,
   * which a replay has none of, so that it states none, like the vendors that have none.
   */
  readonly snapshotOf: (symbol: Ticker, receivedAtMs: number) => Snapshot | undefined;
};

/** A tape of these symbols, before its first day. */
export const createRecordedTape = (symbols: readonly Ticker[]): RecordedTape => {
  const tracks = symbols.map(createTrack);
  const places = new Map(symbols.map((symbol, place) => [symbol, place]));
  let day: TapeDay | undefined;
  let toldMinute = -Infinity;
  let asked = -1;
  return {
    symbols,
    startDay: (next) => {
      for (const track of tracks) endDay(track, day);
      day = openDay(next, tracks, day);
      for (const split of next.splits ?? []) {
        const track = tracks[places.get(split.symbol) ?? -1];
        if (track !== undefined) track.split = split;
      }
    },
    playTo: (atMs, listener) => {
      if (day === undefined) return;
      const lastMinute = Math.floor(atMs / MS_PER_MINUTE);
      let minute = Math.max(toldMinute + 1, day.quotes.firstMinute);
      for (; minute <= lastMinute; minute++) playMinute(tracks, day, minute, listener);
      toldMinute = lastMinute;
    },
    snapshotOf: (symbol, receivedAtMs) => {
      // Whoever asks for many asks in their order: the one behind the last is looked at first.
      if (symbols[asked + 1] === symbol) asked++;
      else asked = places.get(symbol) ?? -1;
      const track = tracks[asked];
      return track && snapshotIn(track, day, receivedAtMs);
    },
  };
};

/** A day as it is played. */
type TapeDay = {
  readonly quotes: DayRows;
  readonly trades: DayRows;
  /** The regular session, epoch ms; empty on a day without one. */
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  /** What the listener is shown. */
  readonly shown: { -readonly [Key in keyof BookQuote]: BookQuote[Key] };
};

const openDay = (
  { date, symbols }: RecordedDay,
  tracks: readonly Track[],
  before: TapeDay | undefined,
): TapeDay => {
  const days = tracks.map(({ symbol }) => symbols.get(symbol));
  const session = sessionOf(date);
  return {
    quotes: layOut(
      days.map((each) => ({ rows: each?.quotes, heldUntilMs: -Infinity })),
      QUOTE_WIDTH,
      before?.quotes,
    ),
    trades: layOut(
      // Nothing of a day is told before its first quote.
      days.map((each) => ({ rows: each?.trades, heldUntilMs: firstQuoteMs(each) })),
      TRADES_WIDTH,
      before?.trades,
    ),
    opensAtMs: session?.opensAtMs ?? Infinity,
    closesAtMs: session?.closesAtMs ?? -Infinity,
    shown: { bid: NO_PRICE, ask: NO_PRICE, bidSize: 0, askSize: 0 },
  };
};

const firstQuoteMs = (day: RecordedSymbolDay | undefined): number =>
  day === undefined || day.quotes.count === 0 ? Infinity : day.quotes.startsAtMs(0);

/** One symbol's place in its day. Changed in place: it moves with every recorded row. */
type Track = {
  readonly symbol: Ticker;
  /** The last rows that were told; -1 before the first. */
  quoteRow: number;
  tradesRow: number;
  /** The session so far; undefined before its first trades. */
  session: Bar | undefined;
  /** What became of the shares in the night before. */
  split: SplitRatio | undefined;
  /** What was known when the day before ended; it stays until the day's own first quote. */
  before: Snapshot | undefined;
  /** The session before, once the day has its own first quote. */
  yesterday: Bar | undefined;
};

const createTrack = (symbol: Ticker): Track => ({
  symbol,
  quoteRow: -1,
  tradesRow: -1,
  session: undefined,
  split: undefined,
  before: undefined,
  yesterday: undefined,
});

const endDay = (track: Track, day: TapeDay | undefined): void => {
  track.before = snapshotIn(track, day, 0);
  track.quoteRow = -1;
  track.tradesRow = -1;
  track.session = undefined;
  track.split = undefined;
  track.yesterday = undefined;
};

const playMinute = (
  tracks: readonly Track[],
  day: TapeDay,
  minute: number,
  listener: TapeListener,
): void => {
  const { quotes, trades } = day;
  let quote = quotes.firstOf(minute);
  let bar = trades.firstOf(minute);
  const quotesEnd = quotes.firstOf(minute + 1);
  const barsEnd = trades.firstOf(minute + 1);
  while (quote < quotesEnd || bar < barsEnd) {
    const place = Math.min(
      quote < quotesEnd ? symbolOf(quotes, quote) : Infinity,
      bar < barsEnd ? symbolOf(trades, bar) : Infinity,
    );
    const track = tracks[place];
    if (track === undefined) return;
    for (; quote < quotesEnd && symbolOf(quotes, quote) === place; quote++) {
      showQuote(track, day, quote);
      listener.onQuote(place, day.shown);
    }
    for (; bar < barsEnd && symbolOf(trades, bar) === place; bar++) {
      takeTrades(track, day, bar);
      listener.onTrades(place, priceAt(trades.numbers, bar * TRADES_WIDTH + CLOSE));
    }
  }
};

const symbolOf = ({ symbols }: DayRows, row: number): number => symbols[row] ?? -1;

const showQuote = (track: Track, { quotes: { numbers }, shown }: TapeDay, row: number): void => {
  if (track.quoteRow === -1) turnDay(track);
  track.quoteRow = row;
  const at = row * QUOTE_WIDTH;
  shown.bid = priceAt(numbers, at + BID);
  shown.ask = priceAt(numbers, at + ASK);
  shown.bidSize = numberAt(numbers, at + BID_SIZE);
  shown.askSize = numberAt(numbers, at + ASK_SIZE);
};

const takeTrades = (track: Track, day: TapeDay, row: number): void => {
  const { opensAtMs, closesAtMs } = day;
  const { numbers } = day.trades;
  track.tradesRow = row;
  const at = row * TRADES_WIDTH;
  const startsAtMs = numberAt(numbers, at + STARTS_AT);
  if (startsAtMs >= opensAtMs && startsAtMs < closesAtMs) extendSession(track, numbers, at);
};

/** A new bar each time: who was shown the one before keeps what it said. */
const extendSession = (track: Track, numbers: Float64Array, at: number): void => {
  const { symbol, session } = track;
  if (session === undefined) {
    track.session = readTrades(symbol, numbers, at);
    return;
  }
  const high = priceAt(numbers, at + HIGH);
  const low = priceAt(numbers, at + LOW);
  track.session = {
    symbol,
    open: session.open,
    high: high > session.high ? high : session.high,
    low: low < session.low ? low : session.low,
    close: priceAt(numbers, at + CLOSE),
    volume: session.volume + numberAt(numbers, at + VOLUME),
    startsAtMs: session.startsAtMs,
  };
};

/** Vendors state the day before in the shares of today. */
const turnDay = (track: Track): void => {
  const { split } = track;
  const dailyBar = track.before?.dailyBar;
  track.yesterday =
    split === undefined || dailyBar === undefined ? dailyBar : splitBar(dailyBar, split);
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

const snapshotIn = (
  track: Track,
  day: TapeDay | undefined,
  receivedAtMs: number,
): Snapshot | undefined => {
  const { symbol, quoteRow, tradesRow, session, yesterday, before } = track;
  if (day === undefined || quoteRow === -1) return before && { ...before, receivedAtMs };
  const { quotes, trades } = day;
  return {
    symbol,
    source: "recorded",
    quote: readQuote(symbol, quotes.numbers, quoteRow * QUOTE_WIDTH),
    trade:
      tradesRow === -1 ? undefined : lastTradeAt(symbol, trades.numbers, tradesRow * TRADES_WIDTH),
    minuteBar: undefined,
    dailyBar: session,
    previousDailyBar: yesterday,
    receivedAtMs,
  };
};

const lastTradeAt = (symbol: Ticker, numbers: Float64Array, at: number): Trade => ({
  symbol,
  price: priceAt(numbers, at + CLOSE),
  size: Math.min(100, numberAt(numbers, at + VOLUME)),
  exchangeTimeMs: numberAt(numbers, at + STARTS_AT) + MS_PER_MINUTE,
});

const NO_PRICE = 0 as Price;
