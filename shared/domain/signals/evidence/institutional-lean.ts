import type { Direction } from "../direction.ts";

/** What one institution reported to hold of a symbol, in shares, and how much of it is new. */
export type Ownership = { readonly shares: number; readonly changedShares: number };

/** How institutions moved: the share of what they hold that they bought or sold, 0 to 1. */
export type InstitutionalLean = {
  readonly direction: Direction;
  readonly holderCount: number;
  readonly valueShare: number;
};

/** Less than this share of the holdings is the usual coming and going. */
const MOVED_MIN = 0.002;

/** The lean of a symbol's owners; without any there is none. */
export const institutionalLeanOf = (
  owners: readonly Ownership[],
): InstitutionalLean | undefined => {
  let held = 0;
  let changed = 0;
  for (const { shares, changedShares } of owners) {
    held += shares;
    changed += changedShares;
  }
  if (held <= 0) return undefined;
  const valueShare = Math.min(1, Math.abs(changed) / held);
  const holderCount = owners.length;
  if (valueShare < MOVED_MIN) return { direction: "neutral", holderCount, valueShare };
  return { direction: changed > 0 ? "bullish" : "bearish", holderCount, valueShare };
};
