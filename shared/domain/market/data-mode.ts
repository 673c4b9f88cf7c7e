/**
 * How good the market data is, best first. `full`: every vendor that was asked answered.
 * `fewerVendors`: quotes of now, of fewer vendors than wanted. `cached`: the session's last known
 * quotes. `static`: those of an earlier session, or none. The last two allow exits alone.
 */
export type DataMode = (typeof DATA_MODES)[number];

/** Best first. */
export const DATA_MODES = ["full", "fewerVendors", "cached", "static"] as const;

/** The worse of two. */
export const worseMode = (left: DataMode, right: DataMode): DataMode =>
  DATA_MODES.indexOf(left) > DATA_MODES.indexOf(right) ? left : right;

/** What a poll's data mode follows from. */
export type ModeInput = {
  /** Quotes of this poll that passed validation, and those of them that an entry may rest on. */
  readonly valid: number;
  readonly confirmed: number;
  /** Vendors that failed, or that a breaker or a spent budget kept from being asked. */
  readonly vendorsLost: number;
  /**
   * The exchange's time of the newest quote that is known, epoch ms; `undefined` if there is none.
   */
  readonly newestKnownAtMs: number | undefined;
  /** When the session opened, epoch ms. */
  readonly opensAtMs: number;
};

/** The mode that a poll leaves its symbols in. */
export const dataModeOf = (input: ModeInput): DataMode => {
  const { valid, confirmed, vendorsLost, newestKnownAtMs, opensAtMs } = input;
  if (valid > 0) return vendorsLost === 0 && confirmed > 0 ? "full" : "fewerVendors";
  return newestKnownAtMs !== undefined && newestKnownAtMs >= opensAtMs ? "cached" : "static";
};
