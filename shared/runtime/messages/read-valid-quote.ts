import type { Price } from "../../domain/market/price.ts";
import type {
  Confirmation,
  QuotedPrice,
  ValidQuote,
  VendorName,
} from "../../domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../domain/market/ticker.ts";

/** Reads a quote from JSON, or names the first field that is not as it must be. */
export type QuoteReading = ValidQuote | QuoteField;

/** A field of a quote in a message; `order` stands for bid, mid and ask not being in order. */
type QuoteField = Exclude<keyof ValidQuote, symbol> | "order" | "(the whole)";

/**
 * Reads a quote that was validated before it was sent, field by field: the stored form's codec
 * says what it must be, and a property holds the two together. This one is some ten times as fast,
 * which matters because the price of every quote of every cycle is read in the same way.
 */
export const readValidQuote = (value: unknown): QuoteReading => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "(the whole)";
  // Every field is checked before it is used; the type only names the fields.
  const raw = value as Readonly<Record<Exclude<keyof ValidQuote, symbol>, unknown>>;
  const symbol = readTicker(raw.symbol);
  if (symbol === undefined) return "symbol";
  return readQuoteFields(
    symbol,
    raw.source,
    raw.bid,
    raw.ask,
    raw.mid,
    raw.last,
    raw.bidSize,
    raw.askSize,
    raw.exchangeTimeMs,
    raw.receivedAtMs,
    raw.volume,
    raw.previousClose,
    raw.confirmedBy,
  );
};

/** Checks the fields of a symbol's quote one by one; the first that is wrong is named. */
export const readQuoteFields = (
  symbol: Ticker,
  source: unknown,
  bid: unknown,
  ask: unknown,
  mid: unknown,
  last: unknown,
  bidSize: unknown,
  askSize: unknown,
  exchangeTimeMs: unknown,
  receivedAtMs: unknown,
  volume: unknown,
  previousClose: unknown,
  confirmation: unknown,
): QuoteReading => {
  const price = readPriceFields(symbol, source, bid, ask, mid, exchangeTimeMs, confirmation);
  if (typeof price === "string") return price;
  if (last !== undefined && !isPrice(last)) return "last";
  if (!isCount(bidSize)) return "bidSize";
  if (!isCount(askSize)) return "askSize";
  if (!isEpochMs(receivedAtMs)) return "receivedAtMs";
  if (volume !== undefined && !isCount(volume)) return "volume";
  if (previousClose !== undefined && !isPrice(previousClose)) return "previousClose";
  const checked: Omit<ValidQuote, symbol> = {
    symbol,
    source: price.source,
    bid: price.bid,
    ask: price.ask,
    mid: price.mid,
    last,
    bidSize,
    askSize,
    exchangeTimeMs: price.exchangeTimeMs,
    receivedAtMs,
    volume,
    previousClose,
    confirmedBy: price.confirmedBy,
  };
  // Only validation makes the brand; every field it vouches for has just been read again.
  return checked as ValidQuote;
};

/** Checks the fields of a symbol's price one by one; the first that is wrong is named. */
export const readPriceFields = (
  symbol: Ticker,
  source: unknown,
  bid: unknown,
  ask: unknown,
  mid: unknown,
  exchangeTimeMs: unknown,
  confirmation: unknown,
): QuotedPrice | QuoteField => {
  if (!isVendorName(source)) return "source";
  if (!isPrice(bid)) return "bid";
  if (!isPrice(ask)) return "ask";
  if (!isPrice(mid)) return "mid";
  if (!isEpochMs(exchangeTimeMs)) return "exchangeTimeMs";
  const confirmedBy = readConfirmation(confirmation);
  if (confirmedBy === undefined) return "confirmedBy";
  if (bid <= 0 || bid > mid || mid > ask) return "order";
  const checked: Omit<QuotedPrice, symbol> = {
    symbol,
    source,
    bid,
    ask,
    mid,
    exchangeTimeMs,
    confirmedBy,
  };
  // As for a whole quote.
  return checked as QuotedPrice;
};

const isVendorName = (value: unknown): value is VendorName =>
  value === "alpaca" ||
  value === "polygon" ||
  value === "yahoo" ||
  value === "tiingo" ||
  value === "recorded";

const VENDORS_MAX = 4;
const NOBODY: readonly VendorName[] = [];

const readConfirmation = (value: unknown): Confirmation | undefined => {
  if (value === "single") return value;
  // A message from before vendors had to agree: nobody confirmed it.
  if (value === undefined) return NOBODY;
  if (!Array.isArray(value) || value.length > VENDORS_MAX) return undefined;
  const list: readonly unknown[] = value;
  return list.every(isVendorName) ? list : undefined;
};

const isPrice = (value: unknown): value is Price => Number.isSafeInteger(value);

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

/** The latest moment that a date can hold. */
const EPOCH_MS_MAX = 8.64e15;

const isEpochMs = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= EPOCH_MS_MAX;

/** Reads a symbol; `undefined` where it is none. */
export const readTicker = (value: unknown): Ticker | undefined =>
  typeof value === "string" ? parseTicker(value) : undefined;
