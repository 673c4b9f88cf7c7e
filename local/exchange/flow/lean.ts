import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { hashText, smoothNoiseAt, uniformAt } from "../hash.ts";
import type { MarketFeed } from "../prices/market-feed.ts";

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const TREND_MS = 30 * MS_PER_MINUTE;
/** A move of 0.4 % in half an hour counts as a full trend. */
const FULL_TREND = 0.004;

/**
 * Which way traders in a symbol lean at a moment, from -1 (bearish) to 1: their own opinion, which
 * turns within an hour or so, and the trend that prices have shown until then. Some symbols have no
 * opinion on some days.
 */
export const leanAt = (seed: string, symbol: Ticker, atMs: number, feed: MarketFeed): number => {
  const key = keyOf(seed, symbol);
  const draw = uniformAt(key, Math.floor(atMs / MS_PER_DAY), 1);
  const strength = draw < 0.25 ? 0.15 : 0.55 + 0.45 * draw;
  const opinion = smoothNoiseAt(key, atMs / (50 * MS_PER_MINUTE));
  const lean = strength * (1.5 * opinion + 0.35 * trendAt(symbol, atMs, feed));
  return Math.max(-0.95, Math.min(0.95, lean));
};

/** A day of one symbol is drawn after the other, and asks for the same key every minute. */
const keyOf = (seed: string, symbol: Ticker): number => {
  if (last.seed !== seed || last.symbol !== symbol) {
    last = { seed, symbol, key: hashText(`${seed}/lean/${symbol}`) };
  }
  return last.key;
};

let last = { seed: "", symbol: "", key: 0 };

const trendAt = (symbol: Ticker, atMs: number, feed: MarketFeed): number => {
  const now = feed.quoteOf(symbol, atMs);
  const before = feed.quoteOf(symbol, atMs - TREND_MS);
  if (now === undefined || before === undefined || before.bid <= 0 || now.bid <= 0) return 0;
  return Math.tanh(Math.log(now.bid / before.bid) / FULL_TREND);
};
