import type { ValidQuote } from "../../domain/market/quote.ts";
import { QUOTE_FIELDS } from "../../use-cases/market-data-message.ts";
import { readQuoteFields } from "./read-valid-quote.ts";

/** The columns of quotes, each as long as the others. */
type Columns = Readonly<Record<(typeof QUOTE_FIELDS)[number], readonly unknown[]>>;

/**
 * Reads quotes that are written field by field: a column is a list of one value a quote, or `all`
 * with the one that every quote has. A refusal names the first bad column, or field of a quote.
 */
export const readQuoteColumns = (
  value: unknown,
  countMax: number,
): readonly ValidQuote[] | string => {
  const columns = readColumns(value, countMax);
  if (typeof columns === "string") return columns;
  const { symbol, source, bid, ask, mid, last, bidSize, askSize } = columns;
  const { exchangeTimeMs, receivedAtMs, volume, previousClose, confirmedBy } = columns;
  const quotes: ValidQuote[] = [];
  for (let index = 0; index < symbol.length; index++) {
    const quote = readQuoteFields(
      symbol[index],
      source[index],
      bid[index],
      ask[index],
      mid[index],
      last[index] ?? undefined,
      bidSize[index],
      askSize[index],
      exchangeTimeMs[index],
      receivedAtMs[index],
      volume[index] ?? undefined,
      previousClose[index] ?? undefined,
      confirmedBy[index] ?? null,
    );
    if (typeof quote === "string") return `quotes.${index}.${quote}`;
    quotes.push(quote);
  }
  return quotes;
};

const readColumns = (value: unknown, countMax: number): Columns | string => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "quotes";
  const raw: Readonly<Record<string, unknown>> = { ...value };
  const symbols = raw["symbol"];
  if (!Array.isArray(symbols) || symbols.length > countMax) return "quotes.symbol";
  if (Object.keys(raw).length !== QUOTE_FIELDS.length) return "quotes";
  const columns: Partial<Record<keyof Columns, readonly unknown[]>> = {};
  for (const field of QUOTE_FIELDS) {
    const column = readColumn(raw[field], symbols.length);
    if (column === undefined) return `quotes.${field}`;
    columns[field] = column;
  }
  // Every field of a quote has just been put in.
  return columns as Columns;
};

const readColumn = (value: unknown, count: number): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value.length === count ? value : undefined;
  if (typeof value !== "object" || value === null || !("all" in value)) return undefined;
  return Array<unknown>(count).fill(value.all);
};
