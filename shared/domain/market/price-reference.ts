import { epochMsToNewYork } from "./new-york-time.ts";
import type { Price } from "./price.ts";
import type { ValidQuote, VendorName } from "./quote.ts";
import { splitNear, type SplitRatio } from "./share-split.ts";

/**
 * The price that the next one is held against: the newest accepted quote, or what is known of it.
 * It moves with every accepted price; a jump is kept beside it as a candidate, so that neither a
 * bad tick moves it nor a real move is refused for ever.
 */
export type PriceReference = {
  readonly mid: Price;
  /** The exchange's time of the newest accepted price, epoch ms. */
  readonly exchangeTimeMs: number;
  readonly candidate?: JumpCandidate | undefined;
  /** Shares traded on the day of `exchangeTimeMs` until then, if known: a split moves it too. */
  readonly volume?: number | undefined;
};

/** A price beyond the limit that waits for confirmation. Times are the exchange's, epoch ms. */
type JumpCandidate = {
  readonly price: Price;
  readonly source: VendorName;
  /** Consecutive observations at different exchange times, each within the limit of the last. */
  readonly observations: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
};

/** A sane quote that asks to be believed. */
export type PriceObservation = Pick<
  ValidQuote,
  "mid" | "source" | "exchangeTimeMs" | "previousClose"
> & {
  /** Shares traded on the day so far. */
  readonly volume?: number | undefined;
};

/** What else is said at the same time. */
type PriceContext = {
  /** Shares traded in the session before, as the same vendor states it now. */
  readonly previousVolume?: number | undefined;
  /** Another vendor that says the same. */
  readonly agreeing?: VendorName | undefined;
};

const NO_CONTEXT: PriceContext = {};

/** When a jump is believed. Ratios are shares of a price. */
export type ReferencePolicy = {
  /** The largest change that needs no confirmation. */
  readonly changeMaxRatio: number;
  /** How closely a second vendor's price must agree to confirm a jump. */
  readonly agreementRatio: number;
  /** Consecutive observations of one vendor that confirm a jump. */
  readonly observationsMin: number;
  /** The time that these observations must span at least. */
  readonly observationSpanMs: number;
  /** How closely a change must meet a known ratio to be a split. */
  readonly splitToleranceRatio: number;
  /** How closely the volume must: trades after our last look, as the closing auction, count too. */
  readonly splitVolumeToleranceRatio: number;
};

/** How an observation stands to the reference, and why it was believed. */
export type PriceMove =
  | { readonly type: "first" }
  | { readonly type: "withinLimit" }
  | { readonly type: "confirmedBySource"; readonly sources: readonly [VendorName, VendorName] }
  | { readonly type: "confirmedByPersistence"; readonly observations: number }
  | ({ readonly type: "split" } & SplitRatio)
  | { readonly type: "held"; readonly observations: number };

/** The reference that follows an observation; its price moves unless the move is `held`. */
export type ReferenceStep = { readonly reference: PriceReference; readonly move: PriceMove };

/**
 * Judges an observation. A jump beyond the limit is held until a second vendor agrees, until it
 * persists, or until what the vendor says now of the session before shows that it is a split.
 */
export const afterPrice = (
  reference: PriceReference | undefined,
  observation: PriceObservation,
  policy: ReferencePolicy,
  context: PriceContext = NO_CONTEXT,
): ReferenceStep => {
  const base = reference ?? firstReference(observation);
  if (base === undefined) return accepted(undefined, observation, FIRST);
  if (isWithin(observation.mid, base.mid, policy.changeMaxRatio)) {
    return accepted(reference, observation, reference === undefined ? FIRST : WITHIN_LIMIT);
  }
  const split = splitBetween(base, observation, policy, context);
  if (split !== undefined) return accepted(reference, observation, split);
  const candidate = nextCandidate(base.candidate, observation, policy);
  const move = confirmationOf(base.candidate, candidate, observation, policy, context);
  if (move !== undefined) return accepted(reference, observation, move);
  const { mid, exchangeTimeMs, volume } = base;
  return {
    reference: { mid, exchangeTimeMs, volume, candidate },
    move: { type: "held", observations: candidate.observations },
  };
};

const FIRST: PriceMove = { type: "first" };
const WITHIN_LIMIT: PriceMove = { type: "withinLimit" };

/** Without a reference the vendor's previous close serves, so that a first bad tick is held too. */
const firstReference = (observation: PriceObservation): PriceReference | undefined =>
  observation.previousClose === undefined
    ? undefined
    : { mid: observation.previousClose, exchangeTimeMs: 0 };

const accepted = (
  reference: PriceReference | undefined,
  observation: PriceObservation,
  move: PriceMove,
): ReferenceStep => {
  // A price that arrives late is believed, but does not take the reference back in time.
  if (reference !== undefined && observation.exchangeTimeMs < reference.exchangeTimeMs) {
    return { reference, move };
  }
  // Without a candidate, because it refutes the jump: only consecutive observations persist.
  return { reference: observation, move };
};

const isWithin = (price: Price, base: Price, ratio: number): boolean =>
  Math.abs(price - base) <= base * ratio;

const nextCandidate = (
  candidate: JumpCandidate | undefined,
  observation: PriceObservation,
  policy: ReferencePolicy,
): JumpCandidate => {
  const { mid: price, source, exchangeTimeMs } = observation;
  // Prices that would be valid among themselves persist, however lively the symbol is.
  const persists =
    candidate !== undefined && isWithin(price, candidate.price, policy.changeMaxRatio);
  if (!persists) {
    return {
      price,
      source,
      observations: 1,
      firstTimeMs: exchangeTimeMs,
      lastTimeMs: exchangeTimeMs,
    };
  }
  // The same quote seen again is no second observation.
  if (exchangeTimeMs <= candidate.lastTimeMs) return candidate;
  return {
    price,
    source: candidate.source,
    observations: candidate.observations + 1,
    firstTimeMs: candidate.firstTimeMs,
    lastTimeMs: exchangeTimeMs,
  };
};

const confirmationOf = (
  before: JumpCandidate | undefined,
  after: JumpCandidate,
  observation: PriceObservation,
  policy: ReferencePolicy,
  { agreeing }: PriceContext,
): PriceMove | undefined => {
  const { source } = observation;
  if (agreeing !== undefined) return { type: "confirmedBySource", sources: [source, agreeing] };
  const agreesWithOther =
    before !== undefined &&
    before.source !== observation.source &&
    isWithin(observation.mid, before.price, policy.agreementRatio);
  if (agreesWithOther) {
    return { type: "confirmedBySource", sources: [before.source, observation.source] };
  }
  const persists =
    after.observations >= policy.observationsMin &&
    after.lastTimeMs - after.firstTimeMs >= policy.observationSpanMs;
  return persists
    ? { type: "confirmedByPersistence", observations: after.observations }
    : undefined;
};

/**
 * A ratio alone proves nothing, because a crash can halve a price as well. A split is a change over
 * night by a known ratio along with which what the vendor says of the session before has changed by
 * the same: its close, or the number of shares that were traded.
 */
const splitBetween = (
  base: PriceReference,
  observation: PriceObservation,
  policy: ReferencePolicy,
  context: PriceContext,
): PriceMove | undefined => {
  const ratio = ratioOf(base, observation, policy, context);
  return ratio === undefined ? undefined : { type: "split", ...ratio };
};

const ratioOf = (
  base: PriceReference,
  observation: PriceObservation,
  policy: ReferencePolicy,
  { previousVolume }: PriceContext,
): SplitRatio | undefined => {
  if (base.exchangeTimeMs === 0 || !isOverNight(base, observation)) return undefined;
  const byClose = splitByClose(base, observation, policy);
  if (byClose !== undefined) return byClose;
  if (previousVolume === undefined || base.volume === undefined || base.volume <= 0) {
    return undefined;
  }
  // The night moves the price beside the split, so that here the volume names the ratio.
  const split = splitNear(base.mid / observation.mid, policy.changeMaxRatio);
  const change = previousVolume / base.volume;
  // Trades that came after our last look are no split.
  if (isNear(change, 1, policy.splitVolumeToleranceRatio)) return undefined;
  const isSameRatio =
    split !== undefined &&
    isNear(change, split.newShares / split.oldShares, policy.splitVolumeToleranceRatio);
  return isSameRatio ? split : undefined;
};

const splitByClose = (
  base: PriceReference,
  { previousClose, mid }: PriceObservation,
  policy: ReferencePolicy,
): SplitRatio | undefined =>
  previousClose === undefined || !isWithin(mid, previousClose, policy.changeMaxRatio)
    ? undefined
    : splitNear(base.mid / previousClose, policy.splitToleranceRatio);

const isOverNight = (base: PriceReference, { exchangeTimeMs }: PriceObservation): boolean =>
  epochMsToNewYork(base.exchangeTimeMs).date < epochMsToNewYork(exchangeTimeMs).date;

const isNear = (value: number, target: number, ratio: number): boolean =>
  Math.abs(value / target - 1) <= ratio;
