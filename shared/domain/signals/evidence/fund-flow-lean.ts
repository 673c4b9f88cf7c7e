import type { Direction } from "../direction.ts";

/** A fund's day: shares created (or, negative, redeemed) and shares traded. */
export type FundDay = { readonly changedShares: number; readonly tradedShares: number };

/** Where a fund's money went, and how strongly, 0 to 1. */
export type FundFlowLean = { readonly direction: Direction; readonly strength: number };

/** Shares created beyond this share of what was traded count in full. */
const FULL_SHARE = 0.1;
/** Below this share of what was traded it is the usual coming and going. */
const MOVED_MIN = 0.002;

/** The lean of a fund's latest days; `undefined` where nothing was traded. */
export const fundFlowLeanOf = (days: readonly FundDay[]): FundFlowLean | undefined => {
  let changed = 0;
  let traded = 0;
  for (const { changedShares, tradedShares } of days) {
    changed += changedShares;
    traded += tradedShares;
  }
  if (traded <= 0) return undefined;
  const share = Math.abs(changed) / traded;
  if (share < MOVED_MIN) return { direction: "neutral", strength: 0 };
  const strength = Math.min(1, share / FULL_SHARE);
  return { direction: changed > 0 ? "bullish" : "bearish", strength };
};
