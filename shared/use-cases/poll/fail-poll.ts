import { RetryableError, TerminalError } from "../../domain/fault.ts";
import { stoppedAt } from "../../domain/funnel/funnel.ts";
import type { Evidence } from "../../domain/health/evidence.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import type { SnapshotFault } from "../../ports/market-data.ts";
import { isTransient, type VendorFault } from "../../ports/vendor-fault.ts";
import { faultKindOf } from "../fault-kind.ts";
import type { CycleShard } from "../open-cycle.ts";
import type { ShardMemory } from "../shard-memory.ts";
import { feedOf, keepFeed, modeOf } from "./keep-feed.ts";
import { publishQuotes } from "./publish-quotes.ts";
import type { PollMarketDataDeps } from "./shard-poll.ts";

/** Nobody answered: exits are decided all the same, and what became of each vendor is kept. */
export const failVendors = async (
  deps: PollMarketDataDeps,
  shard: CycleShard,
  memory: ShardMemory,
  fault: SnapshotFault,
  latencyMs: number,
): Promise<never> => {
  const dataMode = modeOf(
    shard,
    fault,
    { quotes: [], confirmed: 0, newestAtMs: undefined },
    memory,
  );
  const feed = { atMs: deps.clock.nowMs(), dataMode, ...feedOf(fault) };
  return failPoll(deps, shard, failureOf(fault), latencyMs, () =>
    keepFeed(deps, shard, memory, feed),
  );
};

/** Publishes that there is nothing, counts it, and throws: an outage is never an empty answer. */
export const failPoll = async (
  deps: PollMarketDataDeps,
  shard: CycleShard,
  { reason, detail, fault, isPassing }: PollFailure,
  latencyMs: number,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<never> => {
  await publishQuotes(deps, shard, []);
  await deps.telemetry.addToFunnel(epochMsToNewYork(shard.slotMs).date, {
    passed: {},
    stopped: { [stoppedAt("polled", reason)]: shard.symbols.length },
  });
  await deps.telemetry.recordEvidence({
    component: "market-data",
    atMs: deps.clock.nowMs(),
    succeeded: false,
    detail,
    latencyMs,
    dataAgeMs: null,
    fault,
  });
  await afterwards();
  const message = `Shard ${shard.shard} could not be polled. ${detail}`;
  throw isPassing ? new RetryableError(message) : new TerminalError(message);
};

/** Why a poll brought nothing. */
type PollFailure = {
  readonly reason: string;
  readonly detail: string;
  readonly fault: Evidence["fault"];
  readonly isPassing: boolean;
};

/** Nothing is fetched that would be dropped. */
export const NO_ROOM: PollFailure = {
  reason: "backPressure",
  detail: "Neither store nor archive takes ticks, and memory is full: polling waits.",
  fault: null,
  isPassing: true,
};

const failureOf = (fault: VendorFault): PollFailure => ({
  reason: fault.class,
  detail: `${fault.class}: ${fault.detail}`,
  fault: faultKindOf(fault),
  isPassing: isTransient(fault),
});
