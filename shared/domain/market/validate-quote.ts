import {
  isCount,
  isSanePrice,
  rejectionsOf,
  type QuoteRejection,
  type ValidationPolicy,
} from "./check-quote.ts";
import { findAgreement, originOf, type Word } from "./consensus.ts";
import { afterPrice, type PriceMove, type PriceReference } from "./price-reference.ts";
import { midOf, PRICE_UNITS_PER_USD, type Price } from "./price.ts";
import type { Confirmation, Quote, Snapshot, ValidQuote, VendorName } from "./quote.ts";

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
  splitVolumeToleranceRatio: 0.3,
  vendorsToAgree: 2,
  consensusRatio: 0.005,
};

/** What validation says, with the reference for the symbol's next snapshot in either case. */
export type QuoteVerdict =
  | {
      readonly accepted: true;
      readonly quote: ValidQuote;
      readonly reference: PriceReference;
      readonly move: PriceMove;
      /** Vendors whose price is not that of those who agree, or that jumped alone. */
      readonly odd: readonly VendorName[];
    }
  | {
      readonly accepted: false;
      /** Every reason, in the order of `QuoteRejection`; never empty. */
      readonly reasons: readonly QuoteRejection[];
      readonly reference: PriceReference | undefined;
    };

/**
 * Checks what the vendors say of one symbol at `nowMs`, the preferred one first, against the
 * symbol's reference (`undefined` for a first one). The first quote that an independent vendor
 * confirms is taken; where no two agree, the first that is sane is, and is confirmed by nobody.
 * What is rejected never moves the reference's price; a jump is only remembered as a candidate.
 */
export const validateSnapshot = (
  snapshot: Snapshot,
  reference: PriceReference | undefined,
  nowMs: number,
  policy: ValidationPolicy,
  witnesses: readonly Snapshot[] = NONE,
): QuoteVerdict => {
  if (witnesses.length === 0) {
    const alone = believableOf(snapshot, nowMs, policy);
    return "mid" in alone
      ? judge(alone, volumeBefore(snapshot), undefined, NONE, reference, policy)
      : { accepted: false, reasons: alone, reference };
  }
  const first = wordOf(snapshot, nowMs, policy);
  const words = wordsOf([snapshot, ...witnesses], nowMs, policy);
  const agreement = findAgreement(words, policy.consensusRatio);
  if (agreement !== undefined) {
    const { base, confirmedBy, odd } = agreement;
    return judge(base.quote, base.previousVolume, confirmedBy, odd, reference, policy);
  }
  const reasons = "quote" in first ? JUMPED : first.reasons;
  return judgeAlone(words, reasons, reference, policy);
};

/** What of some vendors' snapshots of one symbol can be believed by itself, in the same order. */
export const wordsOf = (
  snapshots: readonly Snapshot[],
  nowMs: number,
  policy: ValidationPolicy,
): readonly Word[] =>
  snapshots.flatMap((snapshot) => {
    const word = wordOf(snapshot, nowMs, policy);
    return "quote" in word ? [word] : [];
  });

// One list for all that nobody confirms, which in a replay are many.
const NONE: readonly never[] = [];
const JUMPED: readonly QuoteRejection[] = ["changeTooLarge"];

/** Nobody agrees: the first that is no jump serves display and exits, whatever the others say. */
const judgeAlone = (
  words: readonly Word[],
  reasons: readonly QuoteRejection[],
  reference: PriceReference | undefined,
  policy: ValidationPolicy,
): QuoteVerdict => {
  const ordered = [...words.filter((word) => word.isLive), ...words.filter((word) => !word.isLive)];
  const jumped: VendorName[] = [];
  let known = reference;
  for (const word of ordered) {
    const { quote, previousVolume } = word;
    const verdict = judge(quote, previousVolume, undefined, jumped, known, policy);
    if (verdict.accepted) return verdict;
    jumped.push(word.quote.source);
    known = verdict.reference;
  }
  return { accepted: false, reasons, reference: known };
};

const judge = (
  quote: ValidQuote,
  previousVolume: number | undefined,
  confirmedBy: readonly VendorName[] | undefined,
  odd: readonly VendorName[],
  reference: PriceReference | undefined,
  policy: ValidationPolicy,
): QuoteVerdict => {
  const marked = confirmedBy === undefined ? quote : withConfirmation(quote, confirmedBy);
  const context = { previousVolume, agreeing: confirmedBy?.[0] };
  const step = afterPrice(reference, marked, policy, context);
  if (step.move.type === "held") {
    return { accepted: false, reasons: JUMPED, reference: step.reference };
  }
  return { accepted: true, quote: marked, reference: step.reference, move: step.move, odd };
};

type NoWord = { readonly reasons: readonly QuoteRejection[] };

const wordOf = (snapshot: Snapshot, nowMs: number, policy: ValidationPolicy): Word | NoWord => {
  const quote = believableOf(snapshot, nowMs, policy);
  if (!("mid" in quote)) return { reasons: quote };
  return {
    quote,
    isLive: isLive(snapshot),
    isWitness: snapshot.quality !== "delayed",
    previousVolume: volumeBefore(snapshot),
    origin: originOf(snapshot),
  };
};

const isLive = ({ quality = "live", quote }: Snapshot): boolean =>
  quality === "live" && quote !== undefined;

const volumeBefore = ({ previousDailyBar }: Snapshot): number | undefined =>
  previousDailyBar?.volume;

/** What can be believed of a snapshot by itself, or every reason why nothing can. */
const believableOf = (
  snapshot: Snapshot,
  nowMs: number,
  policy: ValidationPolicy,
): ValidQuote | readonly QuoteRejection[] => {
  const quote = snapshot.quote ?? quoteOfTrade(snapshot);
  if (quote === undefined) return ["quoteMissing"];
  const { exchangeTimeMs } = quote;
  const reasons = rejectionsOf(quote, nowMs, policy);
  if (reasons !== undefined || exchangeTimeMs === undefined) return reasons ?? ["timestampMissing"];
  const confirmedBy = policy.vendorsToAgree === 1 && isLive(snapshot) ? "single" : NONE;
  return toValidQuote(snapshot, quote, exchangeTimeMs, confirmedBy, policy);
};

/** A vendor that tells only of trades still tells where the price is. */
const quoteOfTrade = ({ symbol, quality, trade }: Snapshot): Quote | undefined =>
  quality !== "tradeOnly" || trade === undefined
    ? undefined
    : {
        symbol,
        bid: trade.price,
        ask: trade.price,
        bidSize: 0,
        askSize: 0,
        exchangeTimeMs: trade.exchangeTimeMs,
      };

const withConfirmation = (quote: ValidQuote, confirmedBy: Confirmation): ValidQuote => ({
  ...quote,
  confirmedBy,
});

const toValidQuote = (
  snapshot: Snapshot,
  quote: Quote,
  exchangeTimeMs: number,
  confirmedBy: Confirmation,
  policy: ValidationPolicy,
): ValidQuote => {
  const last = snapshot.trade?.price;
  const volume = snapshot.dailyBar?.volume;
  const previousClose = snapshot.previousDailyBar?.close ?? snapshot.previousClose;
  const checked: Omit<ValidQuote, symbol> = {
    symbol: snapshot.symbol,
    source: snapshot.source,
    bid: quote.bid,
    ask: quote.ask,
    mid: midOf(quote.bid, quote.ask),
    last: last !== undefined && isSanePrice(last, policy) ? last : undefined,
    bidSize: quote.bidSize,
    askSize: quote.askSize,
    exchangeTimeMs,
    receivedAtMs: snapshot.receivedAtMs,
    volume: volume !== undefined && isCount(volume) ? volume : undefined,
    previousClose:
      previousClose !== undefined && isSanePrice(previousClose, policy) ? previousClose : undefined,
    confirmedBy,
  };
  return checked as ValidQuote;
};
