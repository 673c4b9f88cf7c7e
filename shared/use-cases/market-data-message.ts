import type { ValidQuote } from "../domain/market/quote.ts";
import type { SessionDate } from "../domain/market/session-date.ts";

/** What poll-market-data tells score-signals: one message a shard and cycle, as JSON. */
export type MarketDataMessage = {
  readonly cycleId: string;
  /** The minute of the schedule that the cycle is for, epoch ms; decisions are named by it. */
  readonly slotMs: number;
  readonly sessionDate: SessionDate;
  readonly shard: number;
  /** Oldest first for each symbol; empty when nothing valid came, so that exits go on. */
  readonly quotes: readonly ValidQuote[];
};

/** How messages are written; a reader refuses every other form. */
export const MARKET_DATA_FORM = 2;

/** The fields of a quote in the order in which a message lists their values. */
export const QUOTE_FIELDS = [
  "symbol",
  "source",
  "bid",
  "ask",
  "mid",
  "last",
  "bidSize",
  "askSize",
  "exchangeTimeMs",
  "receivedAtMs",
  "volume",
  "previousClose",
  "confirmedBy",
] as const satisfies readonly (keyof ValidQuote)[];

/**
 * The message as JSON. Quotes are lists of values without their names, less than half as long; a
 * value that is not known is null.
 */
export const writeMarketDataMessage = ({ quotes, ...head }: MarketDataMessage): string =>
  JSON.stringify({ form: MARKET_DATA_FORM, ...head, quotes: quotes.map(valuesOf) });

const valuesOf = (quote: ValidQuote): readonly unknown[] => [
  quote.symbol,
  quote.source,
  quote.bid,
  quote.ask,
  quote.mid,
  quote.last,
  quote.bidSize,
  quote.askSize,
  quote.exchangeTimeMs,
  quote.receivedAtMs,
  quote.volume,
  quote.previousClose,
  quote.confirmedBy,
];
