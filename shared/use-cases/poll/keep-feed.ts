import { dataModeOf, type DataMode } from "../../domain/market/data-mode.ts";
import { sessionOf } from "../../domain/market/calendar.ts";
import { type FeedRecord, isFeedNews } from "../../domain/market/feed-record.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import type { SnapshotAnswer } from "../../ports/market-data.ts";
import type { CycleShard } from "../open-cycle.ts";
import { lastKnownOf, type ShardMemory, type ValidatedShard } from "../shard-memory.ts";
import { tolerateLoss } from "../tolerate-loss.ts";
import type { PollMarketDataDeps } from "./shard-poll.ts";

/** How much of the market is seen, by what this poll brought. */
export const modeOf = (
  { slotMs }: CycleShard,
  { vendors = [] }: Pick<SnapshotAnswer, "vendors">,
  validated: Pick<ValidatedShard, "quotes" | "confirmed" | "newestAtMs">,
  memory: ShardMemory,
): DataMode =>
  dataModeOf({
    valid: validated.quotes.length,
    confirmed: validated.confirmed,
    vendorsLost: vendors.filter(({ outcome: { type } }) => type === "failed" || type === "refused")
      .length,
    // Looked for only where it decides: most polls bring quotes of now.
    newestKnownAtMs:
      validated.quotes.length > 0
        ? validated.newestAtMs
        : lastKnownOf(memory).reduce<number | undefined>(
            (newest, { exchangeTimeMs }) => Math.max(newest ?? 0, exchangeTimeMs),
            undefined,
          ),
    opensAtMs: sessionOf(epochMsToNewYork(slotMs).date)?.opensAtMs ?? slotMs,
  });

/** What became of each vendor that was asked. */
export const feedOf = ({
  vendors = [],
}: Pick<SnapshotAnswer, "vendors">): Pick<FeedRecord, "vendors"> => ({
  vendors: vendors.map(({ vendor, outcome, standing, measures }) => ({
    ...standing,
    ...measures,
    vendor,
    outcome: outcome.type,
    reason:
      outcome.type === "failed"
        ? `${outcome.fault.class}: ${outcome.fault.detail}`
        : outcome.type === "refused"
          ? outcome.reason
          : "",
  })),
});

/** Where one vendor alone is asked there is nothing to tell; else only what is news is kept. */
export const keepFeed = async (
  { telemetry }: PollMarketDataDeps,
  { shard }: CycleShard,
  memory: ShardMemory,
  feed: FeedRecord,
): Promise<void> => {
  if (feed.vendors.length === 0 || !isFeedNews(memory.feed, feed)) return;
  memory.feed = feed;
  await tolerateLoss(telemetry.recordFeed(shard, feed));
};
