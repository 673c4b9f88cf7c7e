import { formatPrice } from "../../domain/market/price.ts";
import type { ValidQuote } from "../../domain/market/quote.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { loadQuotes } from "./load-quotes.ts";

/** A last known quote; prices in USD as text, times epoch ms. */
export type QuoteView = {
  readonly symbol: string;
  readonly source: string;
  readonly bid: string;
  readonly ask: string;
  readonly mid: string;
  readonly last: string | null;
  readonly exchangeTimeMs: number;
  readonly ageMs: number;
};

/** Reads the last known quote of every symbol, however old; `ageMs` says how old. */
export const createReadQuotes =
  (deps: {
    readonly telemetry: Pick<Telemetry, "loadQuotes">;
    readonly clock: Clock;
    readonly settings: Settings;
  }) =>
  async (): Promise<{ readonly atMs: number; readonly quotes: readonly QuoteView[] }> => {
    const quotes = await loadQuotes(deps.telemetry, deps.settings);
    const atMs = deps.clock.nowMs();
    return { atMs, quotes: quotes.map((quote) => toView(quote, atMs)) };
  };

const toView = (quote: ValidQuote, atMs: number): QuoteView => ({
  symbol: quote.symbol,
  source: quote.source,
  bid: formatPrice(quote.bid),
  ask: formatPrice(quote.ask),
  mid: formatPrice(quote.mid),
  last: quote.last === undefined ? null : formatPrice(quote.last),
  exchangeTimeMs: quote.exchangeTimeMs,
  ageMs: Math.max(0, atMs - quote.exchangeTimeMs),
});
