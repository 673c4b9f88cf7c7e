/** A Region's word that it works on an account; the beat rises with every renewal. */
export type Lease = {
  readonly account: string;
  readonly region: string;
  /** The epoch that the Region holds. Only the control cell's epoch decides who may trade. */
  readonly epoch: number;
  readonly beat: number;
};

/** What a Region that does not trade has seen of the other one's lease. */
export type LeaseWatch = {
  /** The last lease that was seen; `undefined` where there was none. */
  readonly seen: Lease | undefined;
  /** How often in a row it was seen again without a new beat. */
  readonly unchanged: number;
  /** When it was last looked at, on the watcher's own monotonic clock; null before. */
  readonly lookedAtMs: number | null;
};

/** When a Region counts as dead. */
export type LeasePolicy = {
  /** Between two renewals, and between two looks, milliseconds. */
  readonly beatMs: number;
  /** How many looks in a row must find no new beat. */
  readonly missedMax: number;
};

/** 15 seconds five times: a schedule that is 45 seconds late is not a dead Region. */
export const LEASE_POLICY: LeasePolicy = { beatMs: 15_000, missedMax: 5 };

/** A watch that has seen nothing yet. */
export const NEW_WATCH: LeaseWatch = { seen: undefined, unchanged: 0, lookedAtMs: null };

/**
 * Returns the watch after a look at `atMs` of the watcher's own monotonic clock. Looks are counted,
 * and no clock is compared with another host's: two looks in quick succession count as one.
 */
export const afterLook = (
  watch: LeaseWatch,
  lease: Lease | undefined,
  atMs: number,
  { beatMs }: LeasePolicy,
): LeaseWatch => {
  if (watch.lookedAtMs === null || !isSameBeat(watch.seen, lease)) {
    return { seen: lease, unchanged: 0, lookedAtMs: atMs };
  }
  // A look that comes early proves nothing: the beat it waits for is not due.
  if (atMs - watch.lookedAtMs < beatMs * EARLY_SHARE) return watch;
  return { seen: lease, unchanged: watch.unchanged + 1, lookedAtMs: atMs };
};

/** Whether the Region that is watched counts as dead. Time decides this; only the epoch fences. */
export const isLeaseDead = ({ unchanged }: LeaseWatch, { missedMax }: LeasePolicy): boolean =>
  unchanged >= missedMax;

/** The lease that says so once more; the first one where the Region has just begun. */
export const renewLease = (
  lease: Lease | undefined,
  holder: Pick<Lease, "account" | "region" | "epoch">,
): Lease => ({
  account: holder.account,
  region: holder.region,
  epoch: holder.epoch,
  beat: (lease?.beat ?? 0) + 1,
});

const EARLY_SHARE = 0.8;

const isSameBeat = (one: Lease | undefined, other: Lease | undefined): boolean =>
  one?.region === other?.region && one?.epoch === other?.epoch && one?.beat === other?.beat;
