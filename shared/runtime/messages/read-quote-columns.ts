import { midOf } from "../../domain/market/price.ts";
import type { ValidQuote } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { QUOTE_COLUMNS } from "../../use-cases/market-data-message.ts";
import { readQuoteFields, readTicker } from "./read-valid-quote.ts";

/**
 * Reads quotes that are written field by field beside their symbols, which are one text: a column
 * is a list of one value a quote, or `all` with the one that every quote has. A refusal names the
 * first bad column, or field of a quote.
 */
export const readQuotes = (
  symbols: unknown,
  value: unknown,
  countMax: number,
): readonly ValidQuote[] | string => {
  if (typeof symbols !== "string") return "symbols";
  const known = lists.get(symbols) ?? readList(symbols, countMax);
  if (typeof known === "string") return known;
  const columns = readColumns(value, QUOTE_COLUMNS, known.length);
  return typeof columns === "string" ? columns : quotesOf(known, columns);
};

/** Reads quotes of the form before, whose symbols and middles are columns too. */
export const readQuotesBefore = (
  value: unknown,
  countMax: number,
): readonly ValidQuote[] | string => {
  const names: unknown = isRecord(value) ? value["symbol"] : undefined;
  if (!Array.isArray(names) || names.length > countMax) return "quotes";
  const columns = readColumns(value, COLUMNS_BEFORE, names.length);
  if (typeof columns === "string") return columns;
  const symbols = readSymbols(names);
  return typeof symbols === "string" ? symbols : quotesOf(symbols, columns);
};

const COLUMNS_BEFORE = [...QUOTE_COLUMNS, "symbol", "mid"] as const;

// A shard's symbols come every cycle, and mostly the same: a text is read once.
const LISTS_KEPT_MAX = 100;
const lists = new Map<string, readonly Ticker[]>();

const readList = (text: string, countMax: number): readonly Ticker[] | string => {
  const names = text === "" ? [] : text.split(" ");
  if (names.length > countMax) return "symbols";
  const symbols = readSymbols(names);
  if (typeof symbols === "string") return symbols;
  if (lists.size >= LISTS_KEPT_MAX) lists.clear();
  lists.set(text, symbols);
  return symbols;
};

const readSymbols = (names: readonly unknown[]): readonly Ticker[] | string => {
  const symbols: Ticker[] = [];
  for (const name of names) {
    const symbol = readTicker(name);
    if (symbol === undefined) return `quotes.${symbols.length}.symbol`;
    symbols.push(symbol);
  }
  return symbols;
};

/** A value for `each` quote, or else one for `all`. */
type Column = { readonly each: readonly unknown[] | undefined; readonly all: unknown };

/** The columns of quotes; without one for the middle it follows from bid and ask. */
type Columns = Readonly<Record<(typeof QUOTE_COLUMNS)[number], Column>> & {
  readonly mid?: Column;
};

const quotesOf = (symbols: readonly Ticker[], columns: Columns): readonly ValidQuote[] | string => {
  const { source, mid, last, bidSize, askSize, exchangeTimeMs, receivedAtMs } = columns;
  const { volume, previousClose, confirmedBy } = columns;
  const quotes: ValidQuote[] = [];
  for (const symbol of symbols) {
    const index = quotes.length;
    const bid = valueAt(columns.bid, index);
    const ask = valueAt(columns.ask, index);
    const quote = readQuoteFields(
      symbol,
      valueAt(source, index),
      bid,
      ask,
      mid === undefined ? midBetween(bid, ask) : valueAt(mid, index),
      valueAt(last, index) ?? undefined,
      valueAt(bidSize, index),
      valueAt(askSize, index),
      valueAt(exchangeTimeMs, index),
      valueAt(receivedAtMs, index),
      valueAt(volume, index) ?? undefined,
      valueAt(previousClose, index) ?? undefined,
      valueAt(confirmedBy, index) ?? null,
    );
    if (typeof quote === "string") return `quotes.${index}.${quote}`;
    quotes.push(quote);
  }
  return quotes;
};

/** What is no number is refused as bid or ask, before anybody asks for the middle. */
const midBetween = (bid: unknown, ask: unknown): unknown =>
  typeof bid === "number" && typeof ask === "number" ? midOf(bid, ask) : undefined;

const valueAt = ({ each, all }: Column, index: number): unknown =>
  each === undefined ? all : each[index];

const readColumns = (
  value: unknown,
  fields: typeof QUOTE_COLUMNS | typeof COLUMNS_BEFORE,
  count: number,
): Columns | string => {
  if (!isRecord(value) || Object.keys(value).length !== fields.length) return "quotes";
  const columns: Partial<Record<keyof Columns | "symbol", Column>> = {};
  for (const field of fields) {
    const column = readColumn(value[field], count);
    if (column === undefined) return `quotes.${field}`;
    columns[field] = column;
  }
  // Every column has just been put in.
  return columns as Columns;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const readColumn = (value: unknown, count: number): Column | undefined => {
  if (Array.isArray(value)) {
    return value.length === count ? { each: value, all: undefined } : undefined;
  }
  return isRecord(value) && "all" in value ? { each: undefined, all: value["all"] } : undefined;
};
