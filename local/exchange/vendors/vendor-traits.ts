import type { FeedVendor } from "./vendor-paths.ts";

/** How a vendor's word differs from the exchange's own book, and how long it takes. */
export type VendorTraits = {
  /** The prices are up to so many milliseconds old. */
  readonly lagMaxMs: number;
  /** How often its best bid or ask is a cent away from the exchange's, 0 to 1. */
  readonly deviationChance: number;
  /** From the least to the most that an answer takes, milliseconds. */
  readonly latencyMs: readonly [number, number];
};

/** Alpaca is the broker too, so that its prices are those that orders meet. */
export const VENDOR_TRAITS: Readonly<Record<FeedVendor, VendorTraits>> = {
  alpaca: { lagMaxMs: 0, deviationChance: 0, latencyMs: [1, 4] },
  polygon: { lagMaxMs: 400, deviationChance: 0.15, latencyMs: [2, 8] },
  tiingo: { lagMaxMs: 900, deviationChance: 0.35, latencyMs: [4, 14] },
  yahoo: { lagMaxMs: 2_500, deviationChance: 0, latencyMs: [8, 30] },
};
