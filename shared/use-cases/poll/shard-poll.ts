import type { DataMode } from "../../domain/market/data-mode.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarketData } from "../../ports/market-data.ts";
import type { MessageSender } from "../../ports/message-queue.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Repairs } from "../healing/read-repairs.ts";
import type { TickRecorder } from "../record-ticks.ts";

/** What a shard's poll came to; each rejected snapshot is counted under its first reason. */
export type ShardPolled = {
  readonly shard: number;
  readonly polled: number;
  readonly valid: number;
  /** Quotes that an entry may rest on. */
  readonly confirmed: number;
  readonly dataMode: DataMode;
  readonly rejected: Readonly<Record<string, number>>;
  /** One symbol for each reason. */
  readonly samples: Readonly<Record<string, string>>;
};

/** What polling needs. */
export type PollMarketDataDeps = {
  readonly marketData: MarketData;
  readonly telemetry: Telemetry;
  readonly messages: MessageSender;
  /** Absent where ticks are not recorded. */
  readonly recorder?: TickRecorder | undefined;
  /** What healing asked of this environment; absent where nothing heals. */
  readonly repairs?: Repairs | undefined;
  /** Closes every connection to the vendors; the next request opens its own. */
  readonly resetConnections?: (() => void) | undefined;
  readonly clock: Clock;
  readonly settings: Settings;
};
