import type { QuotedPrice } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { QUOTE_COLUMNS } from "../../use-cases/market-data-message.ts";
import {
  type Columns,
  isRecord,
  middleOf,
  readColumns,
  readListed,
  readSymbols,
  valueAt,
} from "./read-quote-columns.ts";
import { readQuoteFields } from "./read-valid-quote.ts";

const FORM_4 = [
  ...QUOTE_COLUMNS,
  "last",
  "bidSize",
  "askSize",
  "receivedAtMs",
  "volume",
  "previousClose",
] as const;
const FORM_3 = [...FORM_4, "symbol", "mid"] as const;

/** Reads quotes of the fourth form, which has all fields of a quote as columns. */
export const readQuotesOfForm4 = (
  symbols: unknown,
  value: unknown,
  countMax: number,
): readonly QuotedPrice[] | string => {
  const known = readListed(symbols, countMax);
  if (typeof known === "string") return known;
  const columns = readColumns(value, FORM_4, known.length);
  return typeof columns === "string" ? columns : quotesOf(known, columns);
};

/** Reads quotes of the third form, whose symbols and middles are columns too. */
export const readQuotesOfForm3 = (
  value: unknown,
  countMax: number,
): readonly QuotedPrice[] | string => {
  const names: unknown = isRecord(value) ? value["symbol"] : undefined;
  if (!Array.isArray(names) || names.length > countMax) return "quotes";
  const columns = readColumns(value, FORM_3, names.length);
  if (typeof columns === "string") return columns;
  const symbols = readSymbols(names);
  return typeof symbols === "string" ? symbols : quotesOf(symbols, columns, columns.mid);
};

const quotesOf = (
  symbols: readonly Ticker[],
  columns: Columns<(typeof FORM_4)[number]>,
  mid?: Columns<"mid">["mid"],
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
      mid === undefined ? middleOf(bid, ask) : valueAt(mid, index),
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
