import type { Price } from "./price.ts";
import type { Ticker } from "./ticker.ts";

/** Where market data came from; `recorded` is a recorded day that is replayed. */
export type VendorName = "alpaca" | "polygon" | "yahoo" | "tiingo" | "recorded";

/** The best bid and ask as a vendor states them, unchecked; a price of 0 means there is none. */
export type Quote = {
  readonly symbol: Ticker;
  readonly bid: Price;
  readonly ask: Price;
  /** Shares. */
  readonly bidSize: number;
  /** Shares. */
  readonly askSize: number;
  /** The exchange's time in epoch ms; `undefined` if the vendor gave none. */
  readonly exchangeTimeMs: number | undefined;
};

/** A trade as a vendor states it, unchecked. */
export type Trade = {
  readonly symbol: Ticker;
  readonly price: Price;
  /** Shares. */
  readonly size: number;
  /** The exchange's time in epoch ms; `undefined` if the vendor gave none. */
  readonly exchangeTimeMs: number | undefined;
};

/** The prices of a stretch of time that starts at `startsAtMs` (epoch ms); volume in shares. */
export type Bar = {
  readonly symbol: Ticker;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: number;
  readonly startsAtMs: number;
};

/**
 * What a vendor's word is good for: `live` has a bid and an ask of now, `tradeOnly` the last trade
 * alone, and `delayed` is late by contract, whatever its time stamps say.
 */
export type SnapshotQuality = "live" | "tradeOnly" | "delayed";

/** All that one vendor said about a symbol in one answer, in the one normal form, unchecked. */
export type Snapshot = {
  readonly symbol: Ticker;
  readonly source: VendorName;
  /** Left out where it is `live`. */
  readonly quality?: SnapshotQuality;
  /** The one exchange whose own feed this is; vendors that resell the same feed are one witness. */
  readonly origin?: "iex";
  readonly quote: Quote | undefined;
  readonly trade: Trade | undefined;
  readonly minuteBar: Bar | undefined;
  readonly dailyBar: Bar | undefined;
  readonly previousDailyBar: Bar | undefined;
  /** The close of the session before, of vendors that state no bar for it. */
  readonly previousClose?: Price | undefined;
  /** When the answer reached us, epoch ms. */
  readonly receivedAtMs: number;
};

declare const validQuoteBrand: unique symbol;

/**
 * Who confirmed a quote: the independent vendors that agree with its own, none where nobody does;
 * `single` where the configuration says that one vendor's word is enough, as for a recording.
 */
export type Confirmation = "single" | readonly VendorName[];

/** Whether an entry may rest on the quote; display and exits may rest on any. */
export const isConfirmed = ({ confirmedBy }: Pick<ValidQuote, "confirmedBy">): boolean =>
  confirmedBy === "single" || confirmedBy.length > 0;

/** A quote that passed validation, which alone makes it. Times are epoch ms, sizes are shares. */
export type ValidQuote = {
  readonly symbol: Ticker;
  readonly source: VendorName;
  readonly bid: Price;
  readonly ask: Price;
  /** Halfway between bid and ask, rounded to a ten-thousandth. */
  readonly mid: Price;
  /** The last trade's price, if the vendor gave one that is sane. */
  readonly last: Price | undefined;
  readonly bidSize: number;
  readonly askSize: number;
  readonly exchangeTimeMs: number;
  readonly receivedAtMs: number;
  /** Shares traded on the day so far, if the vendor gave it. */
  readonly volume: number | undefined;
  /** The close of the session before, as the vendor states it. */
  readonly previousClose: Price | undefined;
  readonly confirmedBy: Confirmation;
  readonly [validQuoteBrand]: true;
};

/**
 * The part of a valid quote that decisions rest on, and a message carries: whose price, of when,
 * and who confirmed it.
 */
export type QuotedPrice = Pick<
  ValidQuote,
  | "symbol"
  | "source"
  | "bid"
  | "ask"
  | "mid"
  | "exchangeTimeMs"
  | "confirmedBy"
  | typeof validQuoteBrand
>;
