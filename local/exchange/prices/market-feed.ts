import type { Bar, Quote, Trade } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";

/** What is known of a symbol at a moment; nothing in it is later than that moment. */
export type MarketState = {
  readonly quote: Quote | undefined;
  readonly trade: Trade | undefined;
  /** The last minute that is over. */
  readonly minuteBar: Bar | undefined;
  /** The session so far, or the last one on a day without any. */
  readonly dailyBar: Bar | undefined;
  /** The session before that of `dailyBar`. */
  readonly previousDailyBar: Bar | undefined;
};

/** The volatility index at a moment, in the VIX's points. */
export type VolatilityIndex = { readonly value: number; readonly atMs: number };

/** A source of prices that can be asked for any moment; times are epoch ms. */
export type MarketFeed = {
  readonly kind: "seeded" | "recorded";
  readonly symbols: readonly Ticker[];
  /** The last quote at or before a moment: `stateOf` without the rest, and much cheaper. */
  readonly quoteOf: (symbol: Ticker, atMs: number) => Quote | undefined;
  /** `undefined` for a symbol that is not in the feed. */
  readonly stateOf: (symbol: Ticker, atMs: number) => MarketState | undefined;
  /** Bars that were over at `toMs` and started at or after `fromMs`, oldest first. */
  readonly barsOf: (
    symbol: Ticker,
    span: "minute" | "day",
    fromMs: number,
    toMs: number,
  ) => readonly Bar[];
  /** `undefined` where none is known. */
  readonly volatilityIndexAt: (atMs: number) => VolatilityIndex | undefined;
};
