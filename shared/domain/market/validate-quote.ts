import { marketPhase } from "./calendar.ts";
import { afterPrice, type PriceMove, type PriceReference } from "./price-reference.ts";
import type { ReferencePolicy } from "./price-reference.ts";
import { PRICE_UNITS_PER_USD, type Price } from "./price.ts";
import type { Quote, Snapshot, ValidQuote } from "./quote.ts";

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
};

/** The default: 1 to 10,000 USD, a change of at most 10 %, and bounds on the rest. */
export const DEFAULT_VALIDATION_POLICY: ValidationPolicy = {
  priceMin: PRICE_UNITS_PER_USD as Price,
  priceMax: (10_000 * PRICE_UNITS_PER_USD) as Price,
  spreadMaxRatio: 0.05,
  ageMaxMs: 90_000,
  futureMaxMs: 5_000,
  hours: "regular",
  changeMaxRatio: 0.1,
  agreementRatio: 0.02,
  observationsMin: 3,
  observationSpanMs: 60_000,
  splitToleranceRatio: 0.05,
};

/** What validation says, with the reference for the symbol's next snapshot in either case. */
export type QuoteVerdict =
  | {
      readonly accepted: true;
      readonly quote: ValidQuote;
      readonly reference: PriceReference;
      readonly move: PriceMove;
    }
  | {
      readonly accepted: false;
      /** Every reason, in the order of `QuoteRejection`; never empty. */
      readonly reasons: readonly QuoteRejection[];
      readonly reference: PriceReference | undefined;
    };

/**
 * Checks a snapshot at `nowMs` against the symbol's reference (`undefined` for a first one). What
 * is rejected never moves the reference's price; a jump is only remembered as a candidate.
 */
export const validateSnapshot = (
  snapshot: Snapshot,
  reference: PriceReference | undefined,
  nowMs: number,
  policy: ValidationPolicy,
): QuoteVerdict => {
  const { quote } = snapshot;
  if (quote === undefined) return { accepted: false, reasons: ["quoteMissing"], reference };
  const { exchangeTimeMs } = quote;
  const reasons = rejectionsOf(quote, nowMs, policy);
  if (reasons !== undefined || exchangeTimeMs === undefined) {
    return { accepted: false, reasons: reasons ?? ["timestampMissing"], reference };
  }
  const valid = toValidQuote(snapshot, quote, exchangeTimeMs, policy);
  const step = afterPrice(
    reference,
    {
      price: valid.mid,
      source: valid.source,
      exchangeTimeMs,
      previousClose: valid.previousClose,
    },
    policy,
  );
  return step.move.type === "held"
    ? { accepted: false, reasons: ["changeTooLarge"], reference: step.reference }
    : { accepted: true, quote: valid, reference: step.reference, move: step.move };
};

/** Every reason that the quote alone gives, or `undefined`: the good case makes no list. */
const rejectionsOf = (
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

const toValidQuote = (
  snapshot: Snapshot,
  quote: Quote,
  exchangeTimeMs: number,
  policy: ValidationPolicy,
): ValidQuote => {
  const last = snapshot.trade?.price;
  const volume = snapshot.dailyBar?.volume;
  const previousClose = snapshot.previousDailyBar?.close;
  const checked: Omit<ValidQuote, symbol> = {
    symbol: snapshot.symbol,
    source: snapshot.source,
    bid: quote.bid,
    ask: quote.ask,
    mid: Math.round((quote.bid + quote.ask) / 2) as Price,
    last: last !== undefined && isSane(last, policy) ? last : undefined,
    bidSize: quote.bidSize,
    askSize: quote.askSize,
    exchangeTimeMs,
    receivedAtMs: snapshot.receivedAtMs,
    volume: volume !== undefined && isCount(volume) ? volume : undefined,
    previousClose:
      previousClose !== undefined && isSane(previousClose, policy) ? previousClose : undefined,
  };
  return checked as ValidQuote;
};

const isOutside = (price: Price, policy: ValidationPolicy): boolean =>
  price < policy.priceMin || price > policy.priceMax;

const isSane = (price: Price, policy: ValidationPolicy): boolean =>
  Number.isSafeInteger(price) && !isOutside(price, policy);

const isCount = (count: number): boolean => Number.isFinite(count) && count >= 0;
