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
): readonly QuoteRejection[] | undefined => {
  let reasons = checkPrices(quote, policy);
  if (!isCount(quote.bidSize) || !isCount(quote.askSize)) reasons = and(reasons, "sizeInvalid");
  return checkTime(quote.exchangeTimeMs, nowMs, policy, reasons);
};

/** No list until there is a reason: nearly every quote of every minute has none. */
type Reasons = QuoteRejection[] | undefined;

const and = (reasons: Reasons, reason: QuoteRejection): QuoteRejection[] => {
  if (reasons === undefined) return [reason];
  reasons.push(reason);
  return reasons;
};

/** Whether a price is one that the policy lets through. */
export const isSanePrice = (price: Price, policy: ValidationPolicy): boolean =>
  Number.isSafeInteger(price) && !isOutside(price, policy);

/** Whether a number can count shares. */
export const isCount = (count: number): boolean => Number.isFinite(count) && count >= 0;

const checkPrices = ({ bid, ask }: Quote, policy: ValidationPolicy): Reasons => {
  if (!Number.isSafeInteger(bid) || !Number.isSafeInteger(ask)) return ["priceNotANumber"];
  let reasons: Reasons;
  if (bid <= 0) reasons = and(reasons, "bidNotPositive");
  if (ask <= 0) reasons = and(reasons, "askNotPositive");
  // A price that is not positive is no price, so that comparing it would add no knowledge.
  if (reasons !== undefined) return reasons;
  if (isOutside(bid, policy) || isOutside(ask, policy)) reasons = and(reasons, "priceOutOfRange");
  if (bid > ask) return and(reasons, "crossed");
  const isWide = ask - bid > ((ask + bid) / 2) * policy.spreadMaxRatio;
  return isWide ? and(reasons, "spreadTooWide") : reasons;
};

const checkTime = (
  exchangeTimeMs: number | undefined,
  nowMs: number,
  policy: ValidationPolicy,
  before: Reasons,
): Reasons => {
  if (exchangeTimeMs === undefined || !Number.isFinite(exchangeTimeMs)) {
    return and(before, "timestampMissing");
  }
  let reasons = before;
  if (exchangeTimeMs > nowMs + policy.futureMaxMs) reasons = and(reasons, "fromTheFuture");
  if (nowMs - exchangeTimeMs > policy.ageMaxMs) reasons = and(reasons, "stale");
  const { phase } = marketPhase(exchangeTimeMs);
  const isInside = policy.hours === "regular" ? phase === "open" : phase !== "closed";
  return isInside ? reasons : and(reasons, "outsideSession");
};

const isOutside = (price: Price, policy: ValidationPolicy): boolean =>
  price < policy.priceMin || price > policy.priceMax;
