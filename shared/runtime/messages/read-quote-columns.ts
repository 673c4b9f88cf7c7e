import { midOf } from "../../domain/market/price.ts";
import type { QuotedPrice } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { QUOTE_COLUMNS } from "../../use-cases/market-data-message.ts";
import { readPriceFields, readTicker } from "./read-valid-quote.ts";

/**
 * Reads quotes that are written field by field beside their symbols, which are one text: a column
 * is a list of one value a quote, or `all` with the one that every quote has. A refusal names the
 * first bad column, or field of a quote.
 */
export const readQuotes: ReadQuotes = (symbols, value, countMax) =>
  readListedQuotes(symbols, value, countMax, QUOTE_COLUMNS, priceAt);

/** Takes the symbols, the columns, and how many quotes there may be. */
export type ReadQuotes = (
  symbols: unknown,
  value: unknown,
  countMax: number,
) => readonly QuotedPrice[] | string;

/** Reads quotes of just these columns; `quoteAt` makes one of its fields, or names the bad one. */
export const readListedQuotes = <Field extends string>(
  symbols: unknown,
  value: unknown,
  countMax: number,
  fields: readonly Field[],
  quoteAt: (symbol: Ticker, columns: Columns<Field>, index: number) => QuotedPrice | string,
): readonly QuotedPrice[] | string => {
  const known = readListed(symbols, countMax);
  if (typeof known === "string") return known;
  const columns = readColumns(value, fields, known.length);
  if (typeof columns === "string") return columns;
  const quotes: QuotedPrice[] = [];
  for (const symbol of known) {
    const quote = quoteAt(symbol, columns, quotes.length);
    if (typeof quote === "string") return `quotes.${quotes.length}.${quote}`;
    quotes.push(quote);
  }
  return quotes;
};

const priceAt = (
  symbol: Ticker,
  columns: Columns<(typeof QUOTE_COLUMNS)[number]>,
  index: number,
): QuotedPrice | string => {
  const bid = valueAt(columns.bid, index);
  const ask = valueAt(columns.ask, index);
  return readPriceFields(
    symbol,
    valueAt(columns.source, index),
    bid,
    ask,
    middleOf(bid, ask),
    valueAt(columns.exchangeTimeMs, index),
    valueAt(columns.confirmedBy, index) ?? null,
  );
};

// A shard's symbols come every cycle, and mostly the same: a text is read once. Some are missing
// now and then, which is another text.
const LISTS_KEPT_MAX = 500;
const lists = new Map<string, readonly Ticker[]>();

/** Reads symbols that are one text; a refusal names the first that is none. */
const readListed = (text: unknown, countMax: number): readonly Ticker[] | string => {
  if (typeof text !== "string") return "symbols";
  const known = lists.get(text);
  if (known !== undefined) return known;
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

/** Columns by the name of their field. */
export type Columns<Field extends string> = Readonly<Record<Field, Column>>;

/** What is no number is refused as bid or ask, before anybody asks for the middle. */
export const middleOf = (bid: unknown, ask: unknown): unknown =>
  typeof bid === "number" && typeof ask === "number" ? midOf(bid, ask) : undefined;

/** A column's value at a place. */
export const valueAt = ({ each, all }: Column, index: number): unknown =>
  each === undefined ? all : each[index];

/** Reads exactly these columns, each for `count` quotes; a refusal names the first bad one. */
const readColumns = <Field extends string>(
  value: unknown,
  fields: readonly Field[],
  count: number,
): Columns<Field> | string => {
  if (!isRecord(value) || Object.keys(value).length !== fields.length) return "quotes";
  const columns: Partial<Record<Field, Column>> = {};
  for (const field of fields) {
    const column = readColumn(value[field], count);
    if (column === undefined) return `quotes.${field}`;
    columns[field] = column;
  }
  // Every column has just been put in.
  return columns as Columns<Field>;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const readColumn = (value: unknown, count: number): Column | undefined => {
  if (Array.isArray(value)) {
    return value.length === count ? { each: value, all: undefined } : undefined;
  }
  return isRecord(value) && "all" in value ? { each: undefined, all: value["all"] } : undefined;
};
