import { newYorkToEpochMs } from "../../shared/domain/market/new-york-time.ts";
import type { Price } from "../../shared/domain/market/price.ts";
import type { Bar } from "../../shared/domain/market/quote.ts";
import type { SessionDate } from "../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { parseRows, type ParsedRows } from "./parse-rows.ts";
import type { QuoteBar, RowRejection } from "./recorded-day.ts";

const MS_PER_DAY = 86_400_000;
const TRADE_FIELDS = 6;
const QUOTE_FIELDS = 11;

/** Reads trade rows: ms of the day, open, high, low, close (ten-thousandths), volume (shares). */
export const parseTradeFile = (
  bytes: Uint8Array,
  symbol: Ticker,
  date: SessionDate,
): { readonly bars: readonly Bar[]; readonly parsed: ParsedRows } => {
  const bars: Bar[] = [];
  const timeOf = createRowTimes(date);
  const parsed = parseRows(bytes, TRADE_FIELDS, (fields) => {
    if (!arePricesConsistent(fields, 1)) return "pricesInconsistent";
    const time = timeOf(numberAt(fields, 0));
    if (typeof time === "string") return time;
    bars.push({
      symbol,
      open: priceAt(fields, 1),
      high: priceAt(fields, 2),
      low: priceAt(fields, 3),
      close: priceAt(fields, 4),
      volume: numberAt(fields, 5),
      startsAtMs: time,
    });
    return undefined;
  });
  return { bars, parsed };
};

/**
 * Reads quote rows: ms of the day, bid open, high, low, close, bid size, and the same for the ask.
 * A price of 0 means that there was no such quote; whether a quote is sane is not decided here.
 */
export const parseQuoteFile = (
  bytes: Uint8Array,
  symbol: Ticker,
  date: SessionDate,
): { readonly bars: readonly QuoteBar[]; readonly parsed: ParsedRows } => {
  const bars: QuoteBar[] = [];
  const timeOf = createRowTimes(date);
  const parsed = parseRows(bytes, QUOTE_FIELDS, (fields) => {
    if (!arePricesConsistent(fields, 1)) return "pricesInconsistent";
    if (!arePricesConsistent(fields, 6)) return "pricesInconsistent";
    const time = timeOf(numberAt(fields, 0));
    if (typeof time === "string") return time;
    bars.push({
      symbol,
      startsAtMs: time,
      bidOpen: priceAt(fields, 1),
      bidHigh: priceAt(fields, 2),
      bidLow: priceAt(fields, 3),
      bidClose: priceAt(fields, 4),
      bidSize: numberAt(fields, 5),
      askOpen: priceAt(fields, 6),
      askHigh: priceAt(fields, 7),
      askLow: priceAt(fields, 8),
      askClose: priceAt(fields, 9),
      askSize: numberAt(fields, 10),
    });
    return undefined;
  });
  return { bars, parsed };
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

const numberAt = (fields: Float64Array, index: number): number => fields[index] ?? 0;

// Rows hold safe integers in ten-thousandths, which is what a price is.
const priceAt = (fields: Float64Array, index: number): Price => numberAt(fields, index) as Price;
