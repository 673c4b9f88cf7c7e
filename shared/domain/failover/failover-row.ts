/** What one failover of a drill came to, from the broker's own book and the ledger. */
export type FailoverRow = {
  readonly scenario: string;
  readonly from: string;
  readonly to: string;
  /** How many of the world's seconds a second took. */
  readonly speed: number;
  /** Orders in the broker's book, without the legs of brackets, since the drill's world began. */
  readonly ordersSent: number;
  /** Orders beyond the first of one decision, orders without a claim, orders nobody knows of. */
  readonly doubled: number;
  readonly unguarded: number;
  readonly lost: number;
  readonly unknownLeft: number;
  /** The world's seconds from the strike; null if it never came to that. */
  readonly secondsToFence: number | null;
  readonly secondsToActive: number | null;
  /** The keys of the alerts that people got, each once. */
  readonly alerts: readonly string[];
  readonly tradesAgain: boolean;
  readonly ledgerEqualsBroker: boolean;
  /** Both Regions are well again, and the account is active and clean. */
  readonly isRestored: boolean;
  /** What did not agree at the end, a sentence each. */
  readonly differences: readonly string[];
  readonly ok: boolean;
};

/** The longest times that a failover may take, seconds. */
const FENCE_SECONDS_MAX = 120;
const ACTIVE_SECONDS_MAX = 300;

/** Whether a failover was in time, told people, and left nothing wrong behind. */
export const isFailoverOk = (row: Omit<FailoverRow, "ok">): boolean =>
  row.doubled === 0 &&
  row.unguarded === 0 &&
  row.lost === 0 &&
  row.unknownLeft === 0 &&
  row.secondsToFence !== null &&
  row.secondsToFence <= FENCE_SECONDS_MAX &&
  row.secondsToActive !== null &&
  row.secondsToActive <= ACTIVE_SECONDS_MAX &&
  row.alerts.some((key) => key.startsWith("takeover-")) &&
  row.tradesAgain &&
  row.ledgerEqualsBroker &&
  row.isRestored;
