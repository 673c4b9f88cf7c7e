import type { FeedRecord } from "../../domain/market/feed-record.ts";
import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Where the market data of each shard came from, as it was last kept. */
export type VendorsView = {
  readonly atMs: number;
  readonly vendorsToAgree: number;
  readonly shards: readonly (FeedRecord & { readonly shard: number })[];
};

/** Reads how the vendors of market data do; a shard that was never polled is left out. */
export const createReadVendors =
  (deps: {
    readonly telemetry: Pick<Telemetry, "loadFeed">;
    readonly clock: Clock;
    readonly settings: Pick<Settings, "symbols" | "shardSize" | "validation">;
  }) =>
  async (): Promise<VendorsView> => {
    const { symbols, shardSize, validation } = deps.settings;
    const feeds = await Promise.all(
      shardsOf(symbols, shardSize).map(async ({ shard }) => {
        const feed = await deps.telemetry.loadFeed(shard);
        return feed === undefined ? [] : [{ shard, ...feed }];
      }),
    );
    return {
      atMs: deps.clock.nowMs(),
      vendorsToAgree: validation.vendorsToAgree,
      shards: feeds.flat(),
    };
  };
