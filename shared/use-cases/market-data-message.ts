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

const columnsOf = (quotes: readonly ValidQuote[]): Readonly<Record<string, Column>> => {
  const symbol: unknown[] = [];
  const source: unknown[] = [];
  const bid: unknown[] = [];
  const ask: unknown[] = [];
  const mid: unknown[] = [];
  const last: unknown[] = [];
  const bidSize: unknown[] = [];
  const askSize: unknown[] = [];
  const exchangeTimeMs: unknown[] = [];
  const receivedAtMs: unknown[] = [];
  const volume: unknown[] = [];
  const previousClose: unknown[] = [];
  const confirmedBy: unknown[] = [];
  // One pass over all quotes: every one of every cycle is written here.
  for (const quote of quotes) {
    symbol.push(quote.symbol);
    source.push(quote.source);
    bid.push(quote.bid);
    ask.push(quote.ask);
    mid.push(quote.mid);
    last.push(quote.last);
    bidSize.push(quote.bidSize);
    askSize.push(quote.askSize);
    exchangeTimeMs.push(quote.exchangeTimeMs);
    receivedAtMs.push(quote.receivedAtMs);
    volume.push(quote.volume);
    previousClose.push(quote.previousClose);
    confirmedBy.push(quote.confirmedBy);
  }
  return {
    symbol,
    source: shared(source),
    bid,
    ask,
    mid,
    last: shared(last),
    bidSize,
    askSize,
    exchangeTimeMs: shared(exchangeTimeMs),
    receivedAtMs: shared(receivedAtMs),
    volume: shared(volume),
    previousClose: shared(previousClose),
    confirmedBy: shared(confirmedBy),
  };
};

const shared = (values: readonly unknown[]): Column => {
  const [first] = values;
  if (values.length < 2) return values;
  for (const value of values) if (value !== first) return values;
  return { all: first ?? null };
};
