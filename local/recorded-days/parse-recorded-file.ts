import { newYorkToEpochMs } from "../../shared/domain/market/new-york-time.ts";
import type { Bar, Quote } from "../../shared/domain/market/quote.ts";
import type { SessionDate } from "../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { parseRows, type ParsedRows } from "./parse-rows.ts";
import type { RowRejection } from "./recorded-day.ts";
import { createRecordedRows, type RecordedRows } from "./recorded-rows.ts";
import { numberAt, QUOTE_WIDTH, readQuote, readTrades, TRADES_WIDTH } from "./row-numbers.ts";

const MS_PER_DAY = 86_400_000;
const QUOTE_FIELDS = 11;
/** What is kept of a quote row beside its start: the closing bid and ask, and their sizes. */
const KEPT_OF_QUOTE = [4, 9, 5, 10] as const;

/** Reads trade rows: ms of the day, open, high, low, close (ten-thousandths), volume (shares). */
export const parseTradeFile = (
  bytes: Uint8Array,
  symbol: Ticker,
  date: SessionDate,
): { readonly rows: RecordedRows<Bar>; readonly parsed: ParsedRows } => {
  const numbers: number[] = [];
  const timeOf = createRowTimes(date);
  const parsed = parseRows(bytes, TRADES_WIDTH, (fields) => {
    if (!arePricesConsistent(fields, 1)) return "pricesInconsistent";
    const time = timeOf(numberAt(fields, 0));
    if (typeof time === "string") return time;
    numbers.push(time);
    for (let field = 1; field < TRADES_WIDTH; field++) numbers.push(numberAt(fields, field));
    return undefined;
  });
  const rows = createRecordedRows(numbers, TRADES_WIDTH, (row, offset) =>
    readTrades(symbol, row, offset),
  );
  return { rows, parsed };
};

/**
 * Reads quote rows: ms of the day, bid open, high, low, close, bid size, and the same for the ask.
 * A price of 0 means that there was no such quote; whether a quote is sane is not decided here.
 */
export const parseQuoteFile = (
  bytes: Uint8Array,
  symbol: Ticker,
  date: SessionDate,
): { readonly rows: RecordedRows<Quote>; readonly parsed: ParsedRows } => {
  const numbers: number[] = [];
  const timeOf = createRowTimes(date);
  const parsed = parseRows(bytes, QUOTE_FIELDS, (fields) => {
    if (!arePricesConsistent(fields, 1)) return "pricesInconsistent";
    if (!arePricesConsistent(fields, 6)) return "pricesInconsistent";
    const time = timeOf(numberAt(fields, 0));
    if (typeof time === "string") return time;
    numbers.push(time);
    for (const field of KEPT_OF_QUOTE) numbers.push(numberAt(fields, field));
    return undefined;
  });
  const rows = createRecordedRows(numbers, QUOTE_WIDTH, (row, offset) =>
    readQuote(symbol, row, offset),
  );
  return { rows, parsed };
};

/** Turns rows' ms of the day into epoch ms, and refuses what is not after the row before. */
const createRowTimes = (date: SessionDate) => {
  // Clocks change at night, before recorded trading starts, so noon's offset holds for the day.
  const noonMs = MS_PER_DAY / 2;
  const startMs = newYorkToEpochMs(date, noonMs) - noonMs;
  let previous = -1;
  return (msOfDay: number): number | RowRejection => {
    if (msOfDay >= MS_PER_DAY) return "timeOutsideDay";
    if (msOfDay <= previous) return "timeNotIncreasing";
    previous = msOfDay;
    return startMs + msOfDay;
  };
};

/** Open, high, low and close from `from` on: nothing above the high, nothing below the low. */
const arePricesConsistent = (fields: Float64Array, from: number): boolean => {
  const open = numberAt(fields, from);
  const high = numberAt(fields, from + 1);
  const low = numberAt(fields, from + 2);
  const close = numberAt(fields, from + 3);
  return low <= open && open <= high && low <= close && close <= high;
};
