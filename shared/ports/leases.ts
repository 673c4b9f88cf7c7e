import type { Lease } from "../domain/failover/lease.ts";

/**
 * The Regions' leases, strongly consistent. They say who is alive, never who may trade: that is the
 * control cell's epoch. Every method throws `RetryableError` when the store does not answer.
 */
export type Leases = {
  /** The account's lease; `undefined` where none was ever taken or it cannot be read as one. */
  readonly load: (account: string) => Promise<Lease | undefined>;
  /** Replaces the lease in one write, unless another one than `expected` is stored: then false. */
  readonly renew: (next: Lease, expected: Lease | undefined) => Promise<boolean>;
};
