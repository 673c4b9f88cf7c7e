import type { Price } from "../domain/market/price.ts";
import type { QuotedPrice } from "../domain/market/quote.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import { areOf } from "../domain/market/symbols-in-order.ts";
import type { Ticker } from "../domain/market/ticker.ts";

/** What poll-market-data tells score-signals: one message a shard and cycle, as JSON. */
export type MarketDataMessage = {
  readonly cycleId: string;
  /** The minute of the schedule that the cycle is for, epoch ms; decisions are named by it. */
  readonly slotMs: number;
  readonly sessionDate: SessionDate;
  readonly shard: number;
  /** Oldest first for each symbol; empty when nothing valid came, so that exits go on. */
  readonly quotes: readonly QuotedPrice[];
};

/**
 * How messages are written; a reader takes the form before it too, as long as both are deployed.
 */
export const MARKET_DATA_FORM = 5;

/**
 * The fields of a quote that are a column of a message each, which are those that decisions rest
 * on; what is halfway follows from two.
 */
export const QUOTE_COLUMNS = [
  "source",
  "bid",
  "ask",
  "exchangeTimeMs",
  "confirmedBy",
] as const satisfies readonly (keyof QuotedPrice)[];

/** One field of all quotes: a value each, or once what all of them share. */
type Column = readonly unknown[] | { readonly all: unknown };

/**
 * The message as JSON. The symbols are one text, which a reader knows again as a whole; the rest of
 * the quotes are columns, field by field.
 */
export const writeMarketDataMessage = ({ quotes, ...head }: MarketDataMessage): string => {
  const { cycleId, slotMs, sessionDate, shard } = head;
  return JSON.stringify({
    form: MARKET_DATA_FORM,
    cycleId,
    slotMs,
    sessionDate,
    shard,
    symbols: symbolsOf(quotes),
    quotes: columnsOf(quotes),
  });
};

// A shard's symbols come every cycle, and mostly the same: the text is written again when they
// differ.
const WRITTEN_MAX = 100;
const written = new Map<Ticker, { readonly symbols: readonly Ticker[]; readonly text: string }>();

const symbolsOf = (quotes: readonly QuotedPrice[]): string => {
  const [first] = quotes;
  if (first === undefined) return "";
  const known = written.get(first.symbol);
  if (known !== undefined && areOf(quotes, known.symbols)) return known.text;
  const symbols = quotes.map(({ symbol }) => symbol);
  const text = symbols.join(" ");
  if (written.size >= WRITTEN_MAX) written.clear();
  written.set(first.symbol, { symbols, text });
  return text;
};

/** All columns in one way through the quotes, which are a hundred in every message. */
const columnsOf = (
  quotes: readonly QuotedPrice[],
): Readonly<Record<(typeof QUOTE_COLUMNS)[number], Column>> => {
  const [first] = quotes;
  const bid: Price[] = [];
  const ask: Price[] = [];
  let isOneSource = quotes.length > 1;
  let isOneTime = isOneSource;
  let isOneConfirmation = isOneSource;
  for (const quote of quotes) {
    bid.push(quote.bid);
    ask.push(quote.ask);
    if (quote.source !== first?.source) isOneSource = false;
    if (quote.exchangeTimeMs !== first?.exchangeTimeMs) isOneTime = false;
    if (quote.confirmedBy !== first?.confirmedBy) isOneConfirmation = false;
  }
  // Most columns of most messages hold one value.
  return {
    source: isOneSource ? { all: first?.source } : quotes.map(({ source }) => source),
    bid,
    ask,
    exchangeTimeMs: isOneTime
      ? { all: first?.exchangeTimeMs }
      : quotes.map(({ exchangeTimeMs }) => exchangeTimeMs),
    confirmedBy: isOneConfirmation
      ? { all: first?.confirmedBy }
      : quotes.map(({ confirmedBy }) => confirmedBy),
  };
};
