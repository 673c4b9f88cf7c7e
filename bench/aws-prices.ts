/**
 * AWS list prices in USD, us-east-2, on demand, without free tiers and discounts. `docs/costs.md`
 * says how they were noted; they are to be checked before anyone relies on
 * them.
 */
export const AWS_PRICES = {
  /** When they were written down. */
  asOf: "2026-11-22",
  /** A write of up to 1 KiB, in each Region that replicates it. */
  replicatedWriteUnit: 0.625 / 1_000_000,
  /** A strongly consistent read of up to 4 KiB. */
  readUnit: 0.125 / 1_000_000,
  /** Any request to a FIFO queue of up to 64 KiB. */
  fifoRequest: 0.5 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  /** A GiB of memory for a second, arm64. */
  lambdaGibSecond: 0.0000133334,
} as const;

/** So much of an item is written for one unit, as AWS counts. */
export const WRITE_UNIT_BYTES = 1_024;
/** So much of it is read for one unit. */
export const READ_UNIT_BYTES = 4_096;
