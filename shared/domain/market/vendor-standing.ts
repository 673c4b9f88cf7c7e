import type { AskedVendor } from "./vendor-policy.ts";

/** How a vendor has done lately. Shares are 0 to 1, and newer polls weigh more. */
export type VendorStanding = {
  /** Until its answers, milliseconds; `null` before the first. */
  readonly latencyMs: number | null;
  /** The age of its quotes by the exchange's time when they came, milliseconds; `null` likewise. */
  readonly quoteAgeMs: number | null;
  /** Of its polls, those that failed or came too late. */
  readonly failureShare: number;
  /** Of its quotes, those that were not what the vendors who agree say. */
  readonly oddShare: number;
};

/** What a vendor's part in one poll came to. */
export type VendorPart =
  | { readonly type: "lost" }
  | {
      readonly type: "answered";
      readonly latencyMs: number;
      readonly quoteAgeMs: number | null;
      readonly oddShare: number;
    };

/** Nothing is known of the vendor, which is nothing against it. */
export const NEW_STANDING: VendorStanding = {
  latencyMs: null,
  quoteAgeMs: null,
  failureShare: 0,
  oddShare: 0,
};

/** The weight of the newest poll. */
const NEWEST_SHARE = 0.2;

/** The standing that follows one more poll. */
export const afterPart = (standing: VendorStanding, part: VendorPart): VendorStanding => {
  switch (part.type) {
    case "lost":
      return { ...standing, failureShare: blend(standing.failureShare, 1) };
    case "answered":
      return {
        latencyMs: blendKnown(standing.latencyMs, part.latencyMs),
        quoteAgeMs: blendKnown(standing.quoteAgeMs, part.quoteAgeMs),
        failureShare: blend(standing.failureShare, 0),
        oddShare: blend(standing.oddShare, part.oddShare),
      };
  }
};

/**
 * After so long what speaks against a vendor that is not asked counts half: breakers open as long.
 */
const HALF_LIFE_MS = 60_000;

/**
 * The standing that is left after so many milliseconds without a poll. A vendor that was put last
 * is asked no more, and could never show that it is well again, if nothing were forgotten.
 */
export const fadeStanding = (standing: VendorStanding, idleMs: number): VendorStanding => {
  const left = 0.5 ** (Math.max(0, idleMs) / HALF_LIFE_MS);
  const { latencyMs, quoteAgeMs, failureShare, oddShare } = standing;
  return {
    latencyMs: latencyMs === null ? null : latencyMs * left,
    quoteAgeMs: quoteAgeMs === null ? null : quoteAgeMs * left,
    failureShare: failureShare * left,
    oddShare: oddShare * left,
  };
};

/** A vendor that could be asked, in the configured order. */
export type VendorCandidate = {
  readonly vendor: AskedVendor;
  readonly standing: VendorStanding;
  /** What asking it for all symbols costs. */
  readonly cost: number;
};

/** What one point of penalty is; less than a point is no difference. */
const LATENCY_MS_PER_POINT = 250;
const QUOTE_AGE_MS_PER_POINT = 15_000;
const POINTS_OF_FAILURE = 20;
const POINTS_OF_ODDITY = 40;
const COST_PER_POINT = 20;

/** How much speaks against a vendor: 0 is nothing. */
export const penaltyOf = ({ standing, cost }: Omit<VendorCandidate, "vendor">): number =>
  (standing.latencyMs ?? 0) / LATENCY_MS_PER_POINT +
  (standing.quoteAgeMs ?? 0) / QUOTE_AGE_MS_PER_POINT +
  standing.failureShare * POINTS_OF_FAILURE +
  standing.oddShare * POINTS_OF_ODDITY +
  cost / COST_PER_POINT;

/**
 * The vendors in the order in which they are to be asked: by whole points of penalty, and where
 * those are equal in the order of the candidates, so that small differences move nobody.
 */
export const rankVendors = (candidates: readonly VendorCandidate[]): readonly AskedVendor[] =>
  candidates
    .map((candidate) => ({ vendor: candidate.vendor, points: Math.floor(penaltyOf(candidate)) }))
    .toSorted((left, right) => left.points - right.points)
    .map(({ vendor }) => vendor);

const blend = (known: number, newest: number): number =>
  known * (1 - NEWEST_SHARE) + newest * NEWEST_SHARE;

const blendKnown = (known: number | null, newest: number | null): number | null => {
  if (newest === null) return known;
  return known === null ? newest : blend(known, newest);
};
