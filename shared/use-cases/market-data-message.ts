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
export const MARKET_DATA_FORM = 4;

/** The fields of a quote that are a column of a message each; what is halfway follows from two. */
export const QUOTE_COLUMNS = [
  "source",
  "bid",
  "ask",
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
 * The message as JSON. The symbols are one text, which a reader knows again as a whole; the rest of
 * the quotes are columns, field by field, where a value that is not known is null.
 */
export const writeMarketDataMessage = ({ quotes, ...head }: MarketDataMessage): string => {
  const symbols = quotes.map(({ symbol }) => symbol).join(" ");
  const { cycleId, slotMs, sessionDate, shard } = head;
  return JSON.stringify({
    form: MARKET_DATA_FORM,
    cycleId,
    slotMs,
    sessionDate,
    shard,
    symbols,
    quotes: columnsOf(quotes),
  });
};

const columnsOf = (
  quotes: readonly ValidQuote[],
): Readonly<Record<(typeof QUOTE_COLUMNS)[number], Column>> => {
  const { length } = quotes;
  const source = Array<unknown>(length);
  const bid = Array<unknown>(length);
  const ask = Array<unknown>(length);
  const last = Array<unknown>(length);
  const bidSize = Array<unknown>(length);
  const askSize = Array<unknown>(length);
  const exchangeTimeMs = Array<unknown>(length);
  const receivedAtMs = Array<unknown>(length);
  const volume = Array<unknown>(length);
  const previousClose = Array<unknown>(length);
  const confirmedBy = Array<unknown>(length);
  // One pass over all quotes: every one of every cycle is written here.
  let place = 0;
  for (const quote of quotes) {
    source[place] = quote.source;
    bid[place] = quote.bid;
    ask[place] = quote.ask;
    last[place] = quote.last;
    bidSize[place] = quote.bidSize;
    askSize[place] = quote.askSize;
    exchangeTimeMs[place] = quote.exchangeTimeMs;
    receivedAtMs[place] = quote.receivedAtMs;
    volume[place] = quote.volume;
    previousClose[place] = quote.previousClose;
    confirmedBy[place] = quote.confirmedBy;
    place++;
  }
  return {
    source: shared(source),
    bid,
    ask,
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
  for (let place = 1; place < values.length; place++) if (values[place] !== first) return values;
  return { all: first ?? null };
};
