import type { DataMode } from "./data-mode.ts";
import type { VendorName } from "./quote.ts";
import type { VendorStanding } from "./vendor-standing.ts";

/** What one environment measured of a vendor, apart from how it stands. */
export type VendorMeasures = {
  /**
   * Half of its answers, and 95 of a hundred, take at most so many milliseconds; null: none yet.
   */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Requests that it may still get in this minute, and in every one. */
  readonly requestsLeft: number;
  readonly requestsPerMinute: number;
  /** Answers since the environment began, and those that came over a connection that stood. */
  readonly answers: number;
  readonly answersOverKept: number;
};

/** What became of a vendor in a shard's poll, and how it has done lately. */
export type FeedVendor = VendorStanding &
  VendorMeasures & {
    readonly vendor: VendorName;
    readonly outcome: "answered" | "failed" | "refused" | "notNeeded";
    /** Why it failed or was refused, in one sentence; empty otherwise. */
    readonly reason: string;
  };

/** Where a shard's market data came from; kept when it changes, and now and then. */
export type FeedRecord = {
  readonly atMs: number;
  readonly dataMode: DataMode;
  /** The preferred one first. */
  readonly vendors: readonly FeedVendor[];
};

/** A record that changed nothing is kept as often as this. */
const KEPT_EVERY_MS = 5 * 60_000;

/** Whether a record says something that the one before did not, or is due. */
export const isFeedNews = (before: FeedRecord | undefined, now: FeedRecord): boolean =>
  before === undefined ||
  now.atMs - before.atMs >= KEPT_EVERY_MS ||
  now.dataMode !== before.dataMode ||
  outcomesOf(now) !== outcomesOf(before);

const outcomesOf = ({ vendors }: FeedRecord): string =>
  vendors.map(({ vendor, outcome }) => `${vendor}=${outcome}`).join();
