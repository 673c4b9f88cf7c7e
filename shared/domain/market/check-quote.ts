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

/** Every reason that the quote alone gives, or `undefined`: the good case makes no list. */
export const rejectionsOf = (
  quote: Quote,
  nowMs: number,
  policy: ValidationPolicy,
): QuoteRejection[] | undefined => {
  let reasons: QuoteRejection[] | undefined;
  const reject = (reason: QuoteRejection): void => {
    reasons ??= [];
    reasons.push(reason);
  };
  checkPrices(quote, policy, reject);
  if (!isCount(quote.bidSize) || !isCount(quote.askSize)) reject("sizeInvalid");
  checkTime(quote.exchangeTimeMs, nowMs, policy, reject);
  return reasons;
};

/** Whether a price is one that the policy lets through. */
export const isSanePrice = (price: Price, policy: ValidationPolicy): boolean =>
  Number.isSafeInteger(price) && !isOutside(price, policy);

/** Whether a number can count shares. */
export const isCount = (count: number): boolean => Number.isFinite(count) && count >= 0;

type Reject = (reason: QuoteRejection) => void;

const checkPrices = (quote: Quote, policy: ValidationPolicy, reject: Reject): void => {
  const { bid, ask } = quote;
  if (!Number.isSafeInteger(bid) || !Number.isSafeInteger(ask)) {
    reject("priceNotANumber");
    return;
  }
  if (bid <= 0) reject("bidNotPositive");
  if (ask <= 0) reject("askNotPositive");
  // A price that is not positive is no price, so that comparing it would add no knowledge.
  if (bid <= 0 || ask <= 0) return;
  if (isOutside(bid, policy) || isOutside(ask, policy)) reject("priceOutOfRange");
  if (bid > ask) reject("crossed");
  else if (ask - bid > ((ask + bid) / 2) * policy.spreadMaxRatio) reject("spreadTooWide");
};

const checkTime = (
  exchangeTimeMs: number | undefined,
  nowMs: number,
  policy: ValidationPolicy,
  reject: Reject,
): void => {
  if (exchangeTimeMs === undefined || !Number.isFinite(exchangeTimeMs)) {
    reject("timestampMissing");
    return;
  }
  if (exchangeTimeMs > nowMs + policy.futureMaxMs) reject("fromTheFuture");
  if (nowMs - exchangeTimeMs > policy.ageMaxMs) reject("stale");
  const { phase } = marketPhase(exchangeTimeMs);
  const isInside = policy.hours === "regular" ? phase === "open" : phase !== "closed";
  if (!isInside) reject("outsideSession");
};

const isOutside = (price: Price, policy: ValidationPolicy): boolean =>
  price < policy.priceMin || price > policy.priceMax;
