import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { Exchange } from "./core/exchange.ts";
import type { MarketFeed } from "./prices/market-feed.ts";

/** A second of the market is one step, so that stops and limits see prices on the way. */
const STEP_MS = 1_000;
/** A longer gap (the process was down) is crossed in longer steps, to bound the work. */
const STEPS_MAX = 600;

/** Brings an exchange up to a moment: it sees the feed's quotes on the way there. */
export type DriveMarket = (toMs: number) => void;

/** Creates the link from a feed to an exchange. It reads no clock; each call says how far to go. */
export const createMarketDriver = (exchange: Exchange, feed: MarketFeed): DriveMarket => {
  const shownAtMs = new Map<Ticker, number>();
  const show = (symbol: Ticker, atMs: number): void => {
    const quote = feed.quoteOf(symbol, atMs);
    if (quote === undefined) return;
    // The same quote again would show its liquidity twice.
    const timeMs = quote.exchangeTimeMs ?? atMs;
    if (shownAtMs.get(symbol) === timeMs) return;
    shownAtMs.set(symbol, timeMs);
    exchange.onQuote(quote, atMs);
  };
  const showAll = (atMs: number): void => {
    exchange.advance(atMs);
    for (const symbol of feed.symbols) show(symbol, atMs);
  };
  let isFirst = true;
  return (toMs) => {
    const fromMs = exchange.nowMs();
    if (!isFirst && toMs <= fromMs) return;
    if (isFirst) {
      // After a restart the books are empty: positions need marks before any close is crossed.
      for (const symbol of feed.symbols) {
        const previous = feed.stateOf(symbol, fromMs)?.previousDailyBar;
        if (previous !== undefined) exchange.setPreviousClose(symbol, previous.close);
      }
      showAll(fromMs);
    }
    isFirst = false;
    const stepMs = Math.max(STEP_MS, Math.ceil((toMs - fromMs) / STEPS_MAX));
    for (let atMs = fromMs + stepMs; atMs < toMs; atMs += stepMs) showAll(atMs);
    showAll(toMs);
  };
};
