import { marketPhase } from "./calendar.ts";
import type { ReferencePolicy } from "./price-reference.ts";
import type { Price } from "./price.ts";
import type { Quote } from "./quote.ts";

/** Why a snapshot gives no valid quote. */
export type QuoteRejection =
  | "quoteMissing"
  | "priceNotANumber"
  | "bidNotPositive"
  | "askNotPositive"
  | "priceOutOfRange"
  | "crossed"
  | "spreadTooWide"
  | "sizeInvalid"
  | "timestampMissing"
  | "fromTheFuture"
  | "stale"
  | "outsideSession"
  | "changeTooLarge";

/** What a quote must satisfy. Prices are ten-thousandths of a USD, ratios are shares of a price. */
export type ValidationPolicy = ReferencePolicy & {
  readonly priceMin: Price;
  readonly priceMax: Price;
  readonly spreadMaxRatio: number;
  /** The greatest age by the exchange's time stamp. */
  readonly ageMaxMs: number;
  /** How far ahead of our clock the exchange's may be. */
  readonly futureMaxMs: number;
  /** Which hours count: `regular` sessions alone, or pre-market and after hours too. */
  readonly hours: "regular" | "extended";
  /** How many independent vendors an entry needs; 1 is said on purpose, as for a recording. */
  readonly vendorsToAgree: 1 | 2;
  /** How far apart the prices of vendors that agree may be. */
  readonly consensusRatio: number;
};

/** Every reason that the quote alone gives, or `undefined` if there is none. */
export const rejectionsOf = (
  quote: Quote,
  nowMs: number,
  policy: ValidationPolicy,
): QuoteRejection[] | undefined => {
  const reasons: QuoteRejection[] = [];
  checkPrices(quote, policy, reasons);
  if (!isCount(quote.bidSize) || !isCount(quote.askSize)) reasons.push("sizeInvalid");
  checkTime(quote.exchangeTimeMs, nowMs, policy, reasons);
  return reasons.length === 0 ? undefined : reasons;
};

/** Whether a price is one that the policy lets through. */
export const isSanePrice = (price: Price, policy: ValidationPolicy): boolean =>
  Number.isSafeInteger(price) && !isOutside(price, policy);

/** Whether a number can count shares. */
export const isCount = (count: number): boolean => Number.isFinite(count) && count >= 0;

const checkPrices = (quote: Quote, policy: ValidationPolicy, reasons: QuoteRejection[]): void => {
  const { bid, ask } = quote;
  if (!Number.isSafeInteger(bid) || !Number.isSafeInteger(ask)) {
    reasons.push("priceNotANumber");
    return;
  }
  if (bid <= 0) reasons.push("bidNotPositive");
  if (ask <= 0) reasons.push("askNotPositive");
  // A price that is not positive is no price, so that comparing it would add no knowledge.
  if (bid <= 0 || ask <= 0) return;
  if (isOutside(bid, policy) || isOutside(ask, policy)) reasons.push("priceOutOfRange");
  if (bid > ask) reasons.push("crossed");
  else if (ask - bid > ((ask + bid) / 2) * policy.spreadMaxRatio) reasons.push("spreadTooWide");
};

const checkTime = (
  exchangeTimeMs: number | undefined,
  nowMs: number,
  policy: ValidationPolicy,
  reasons: QuoteRejection[],
): void => {
  if (exchangeTimeMs === undefined || !Number.isFinite(exchangeTimeMs)) {
    reasons.push("timestampMissing");
    return;
  }
  if (exchangeTimeMs > nowMs + policy.futureMaxMs) reasons.push("fromTheFuture");
  if (nowMs - exchangeTimeMs > policy.ageMaxMs) reasons.push("stale");
  const { phase } = marketPhase(exchangeTimeMs);
  const isInside = policy.hours === "regular" ? phase === "open" : phase !== "closed";
  if (!isInside) reasons.push("outsideSession");
};

const isOutside = (price: Price, policy: ValidationPolicy): boolean =>
  price < policy.priceMin || price > policy.priceMax;
