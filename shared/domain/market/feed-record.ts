import type { DataMode } from "./data-mode.ts";
import type { VendorName } from "./quote.ts";
import type { VendorStanding } from "./vendor-standing.ts";

/** What became of a vendor in a shard's poll, and how it has done lately. */
export type FeedVendor = VendorStanding & {
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
