import { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { RandomStream } from "../engine/random-streams.ts";

/** The Regions of every simulated world. */
export const REGIONS = ["us-east-1", "us-west-2"] as const;

/** One of them. */
export type RegionName = (typeof REGIONS)[number];

/** The settings of both Regions: those of a user's configuration, or drawn ones. */
export const createSettings = (
  given: Configuration | undefined,
  stream: RandomStream,
): Readonly<Record<RegionName, Settings>> => {
  const configuration = given ?? drawConfiguration(stream);
  return {
    "us-east-1": toSettings(configuration, { mode: "paper", region: "us-east-1" }),
    "us-west-2": toSettings(configuration, { mode: "paper", region: "us-west-2" }),
  };
};

const ON_TRIAL = { hedgedReads: { percent: 50, rollBack: false } };

/**
 * A configuration under which something happens in every minute: a few symbols, tight stops and targets,
 * short cooldowns, and limits that bind. Some of it differs from seed to seed.
 */
const drawConfiguration = (stream: RandomStream): Configuration => {
  const symbols = ["AAPL", "MSFT", "NVDA", "SPY"].slice(0, stream.drawInteger("symbols", 2, 4));
  return Configuration.parse({
    version: 1,
    symbols,
    shardSize: stream.drawInteger("shard size", 1, 4),
    // What is on trial, and not rolled back by health, is healing's to switch off.
    flags: stream.draw("on trial") < 0.3 ? ON_TRIAL : undefined,
    scoring: { weights: { options_flow: 8 } },
    entry: {
      targetNotionalUsd: 400,
      limitCollarPct: stream.pick("collar", [0.1, 0.1, 0.02]),
      // A message comes again after 90 seconds: still valid in some worlds, hardly ever in others.
      validSeconds: stream.pick("entries valid", [6, 60, 240, 600]),
    },
    exit: {
      stopPct: 0.4,
      targetPct: 0.6,
      holdingMaxMinutes: stream.drawInteger("holding minutes", 3, 12),
      beforeCloseMinutes: stream.pick("over night", [10, 10, null]),
      validSeconds: stream.pick("exits valid", [6, 120, 300]),
    },
    limits: {
      maxPositionSizeUsd: stream.pick("position size", [500, 1_200]),
      maxNotionalPerOrderUsd: 2_000,
      minCooldownMinutes: stream.drawInteger("cooldown minutes", 0, 3),
      maxEntriesPerDay: stream.pick("entries", [200, 200, 40, 12]),
      maxInFlight: stream.pick("in flight", [64, 3]),
      maxPortfolioExposurePct: stream.pick("exposure", [30, 0.9]),
      rejectsToLatch: stream.pick("rejects to latch", [3, 1]),
      allowShortSelling: stream.pick("short selling", [false, false, true]),
      // A few dollars of a hundred thousand: an hour's trading loses more in some worlds.
      maxDailyLossPct: stream.pick("daily loss", [3, 3, 3, 3, 0.004]),
      maxDrawdownPct: stream.pick("drawdown", [10, 10, 10, 10, 0.006]),
    },
  });
};
