import type { QuotedPrice } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { QUOTE_COLUMNS } from "../../use-cases/market-data-message.ts";
import { type Columns, middleOf, readColumns, readListed, valueAt } from "./read-quote-columns.ts";
import { readQuoteFields } from "./read-valid-quote.ts";

const COLUMNS_BEFORE = [
  ...QUOTE_COLUMNS,
  "last",
  "bidSize",
  "askSize",
  "receivedAtMs",
  "volume",
  "previousClose",
] as const;

/** Reads quotes of the form before, which has all fields of a quote as columns. */
export const readQuotesBefore = (
  symbols: unknown,
  value: unknown,
  countMax: number,
): readonly QuotedPrice[] | string => {
  const known = readListed(symbols, countMax);
  if (typeof known === "string") return known;
  const columns = readColumns(value, COLUMNS_BEFORE, known.length);
  return typeof columns === "string" ? columns : quotesOf(known, columns);
};

const quotesOf = (
  symbols: readonly Ticker[],
  columns: Columns<(typeof COLUMNS_BEFORE)[number]>,
): readonly QuotedPrice[] | string => {
  const quotes: QuotedPrice[] = [];
  for (const symbol of symbols) {
    const index = quotes.length;
    const bid = valueAt(columns.bid, index);
    const ask = valueAt(columns.ask, index);
    const quote = readQuoteFields(
      symbol,
      valueAt(columns.source, index),
      bid,
      ask,
      middleOf(bid, ask),
      valueAt(columns.last, index) ?? undefined,
      valueAt(columns.bidSize, index),
      valueAt(columns.askSize, index),
      valueAt(columns.exchangeTimeMs, index),
      valueAt(columns.receivedAtMs, index),
      valueAt(columns.volume, index) ?? undefined,
      valueAt(columns.previousClose, index) ?? undefined,
      valueAt(columns.confirmedBy, index) ?? null,
    );
    if (typeof quote === "string") return `quotes.${index}.${quote}`;
    quotes.push(quote);
  }
  return quotes;
};
