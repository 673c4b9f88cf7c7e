import { epochMsToNewYork } from "./new-york-time.ts";
import type { Price } from "./price.ts";
import type { VendorName } from "./quote.ts";
import { splitNear, type SplitRatio } from "./share-split.ts";

/**
 * The price that the next one is held against. It moves with every accepted price; a jump is kept
 * beside it as a candidate, so that neither a bad tick moves it nor a real move is refused for
 * ever.
 */
export type PriceReference = {
  readonly price: Price;
  /** The exchange's time of the newest accepted price, epoch ms. */
  readonly exchangeTimeMs: number;
  readonly candidate: JumpCandidate | undefined;
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

/** A sane price that asks to be believed. `exchangeTimeMs` is epoch ms. */
export type PriceObservation = {
  readonly price: Price;
  readonly source: VendorName;
  readonly exchangeTimeMs: number;
  /** The close of the session before, as the same vendor states it now. */
  readonly previousClose: Price | undefined;
  /** Shares traded in the session before, as the same vendor states it now. */
  readonly previousVolume?: number | undefined;
  /** Shares traded on the day so far. */
  readonly volume?: number | undefined;
  /** Another vendor that says the same at the same time. */
  readonly confirmedBy?: VendorName | undefined;
};

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
): ReferenceStep => {
  const base = reference ?? firstReference(observation);
  if (base === undefined) return accepted(undefined, observation, FIRST);
  if (isWithin(observation.price, base.price, policy.changeMaxRatio)) {
    return accepted(reference, observation, reference === undefined ? FIRST : WITHIN_LIMIT);
  }
  const split = splitBetween(base, observation, policy);
  if (split !== undefined) return accepted(reference, observation, split);
  const candidate = nextCandidate(base.candidate, observation, policy);
  const move = confirmationOf(base.candidate, candidate, observation, policy);
  if (move !== undefined) return accepted(reference, observation, move);
  return {
    reference: { ...base, candidate },
    move: { type: "held", observations: candidate.observations },
  };
};

const FIRST: PriceMove = { type: "first" };
const WITHIN_LIMIT: PriceMove = { type: "withinLimit" };

/** Without a reference the vendor's previous close serves, so that a first bad tick is held too. */
const firstReference = (observation: PriceObservation): PriceReference | undefined =>
  observation.previousClose === undefined
    ? undefined
    : {
        price: observation.previousClose,
        exchangeTimeMs: 0,
        candidate: undefined,
        volume: undefined,
      };

const accepted = (
  reference: PriceReference | undefined,
  observation: PriceObservation,
  move: PriceMove,
): ReferenceStep => {
  // A price that arrives late is believed, but does not take the reference back in time.
  if (reference !== undefined && observation.exchangeTimeMs < reference.exchangeTimeMs) {
    return { reference, move };
  }
  return {
    reference: {
      price: observation.price,
      exchangeTimeMs: observation.exchangeTimeMs,
      // A price within the limit refutes the jump: only consecutive observations persist.
      candidate: undefined,
      volume: observation.volume,
    },
    move,
  };
};

const isWithin = (price: Price, base: Price, ratio: number): boolean =>
  Math.abs(price - base) <= base * ratio;

const nextCandidate = (
  candidate: JumpCandidate | undefined,
  observation: PriceObservation,
  policy: ReferencePolicy,
): JumpCandidate => {
  const { price, source, exchangeTimeMs } = observation;
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
): PriceMove | undefined => {
  const { source, confirmedBy } = observation;
  if (confirmedBy !== undefined)
    return { type: "confirmedBySource", sources: [source, confirmedBy] };
  const agreesWithOther =
    before !== undefined &&
    before.source !== observation.source &&
    isWithin(observation.price, before.price, policy.agreementRatio);
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
): PriceMove | undefined => {
  const ratio = ratioOf(base, observation, policy);
  return ratio === undefined ? undefined : { type: "split", ...ratio };
};

const ratioOf = (
  base: PriceReference,
  observation: PriceObservation,
  policy: ReferencePolicy,
): SplitRatio | undefined => {
  if (base.exchangeTimeMs === 0 || !isOverNight(base, observation)) return undefined;
  const byClose = splitByClose(base, observation, policy);
  if (byClose !== undefined) return byClose;
  const { previousVolume, price } = observation;
  if (previousVolume === undefined || base.volume === undefined || base.volume <= 0) {
    return undefined;
  }
  // The night moves the price beside the split, so that here the volume names the ratio.
  const split = splitNear(base.price / price, policy.changeMaxRatio);
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
  { previousClose, price }: PriceObservation,
  policy: ReferencePolicy,
): SplitRatio | undefined =>
  previousClose === undefined || !isWithin(price, previousClose, policy.changeMaxRatio)
    ? undefined
    : splitNear(base.price / previousClose, policy.splitToleranceRatio);

const isOverNight = (base: PriceReference, { exchangeTimeMs }: PriceObservation): boolean =>
  epochMsToNewYork(base.exchangeTimeMs).date < epochMsToNewYork(exchangeTimeMs).date;

const isNear = (value: number, target: number, ratio: number): boolean =>
  Math.abs(value / target - 1) <= ratio;
