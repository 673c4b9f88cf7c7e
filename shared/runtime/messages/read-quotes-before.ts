import type { QuotedPrice } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { QUOTE_COLUMNS } from "../../use-cases/market-data-message.ts";
import {
  type Columns,
  middleOf,
  readListedQuotes,
  type ReadQuotes,
  valueAt,
} from "./read-quote-columns.ts";
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
export const readQuotesBefore: ReadQuotes = (symbols, value, countMax) =>
  readListedQuotes(symbols, value, countMax, COLUMNS_BEFORE, quoteAt);

const quoteAt = (
  symbol: Ticker,
  columns: Columns<(typeof COLUMNS_BEFORE)[number]>,
  index: number,
): QuotedPrice | string => {
  const bid = valueAt(columns.bid, index);
  const ask = valueAt(columns.ask, index);
  return readQuoteFields(
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
};
