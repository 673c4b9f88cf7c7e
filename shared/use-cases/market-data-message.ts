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

/**
 * How messages are written; a reader takes the form before it too, as long as both are deployed.
 */
export const MARKET_DATA_FORM = 3;

/** The fields of a quote, each a column of a message. */
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

/** One field of all quotes: a value each, or once what all of them share. */
type Column = readonly unknown[] | { readonly all: unknown };

/**
 * The message as JSON. Quotes are written as columns, field by field, a third as long as with names
 * and read as fast; a value that is not known is null.
 */
export const writeMarketDataMessage = ({ quotes, ...head }: MarketDataMessage): string =>
  JSON.stringify({ form: MARKET_DATA_FORM, ...head, quotes: columnsOf(quotes) });

const columnsOf = (quotes: readonly ValidQuote[]): Readonly<Record<string, Column>> => ({
  symbol: quotes.map((quote) => quote.symbol),
  source: shared(quotes.map((quote) => quote.source)),
  bid: quotes.map((quote) => quote.bid),
  ask: quotes.map((quote) => quote.ask),
  mid: quotes.map((quote) => quote.mid),
  last: shared(quotes.map((quote) => quote.last)),
  bidSize: quotes.map((quote) => quote.bidSize),
  askSize: quotes.map((quote) => quote.askSize),
  exchangeTimeMs: shared(quotes.map((quote) => quote.exchangeTimeMs)),
  receivedAtMs: shared(quotes.map((quote) => quote.receivedAtMs)),
  volume: shared(quotes.map((quote) => quote.volume)),
  previousClose: shared(quotes.map((quote) => quote.previousClose)),
  confirmedBy: shared(quotes.map((quote) => quote.confirmedBy)),
});

const shared = (values: readonly unknown[]): Column => {
  const [first] = values;
  return values.length > 1 && values.every((value) => value === first)
    ? { all: first ?? null }
    : values;
};
