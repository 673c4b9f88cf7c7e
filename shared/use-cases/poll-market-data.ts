import { RetryableError } from "../domain/fault.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { CycleShard } from "./open-cycle.ts";
import { concludePoll } from "./poll/conclude-poll.ts";
import { failPoll, failVendors, NO_ROOM } from "./poll/fail-poll.ts";
import { feedOf, keepFeed, modeOf } from "./poll/keep-feed.ts";
import { publishQuotes } from "./poll/publish-quotes.ts";
import type { PollMarketDataDeps, ShardPolled } from "./poll/shard-poll.ts";
import type { TickKeeping } from "./record-ticks.ts";
import {
  emptyMemory,
  lastKnownOf,
  recallShard,
  type ShardMemory,
  validateShard,
} from "./shard-memory.ts";

/** Polls one shard. */
export type PollMarketData = (shard: CycleShard) => Promise<ShardPolled>;

/** Two cycles: after more than that another environment may have polled the shard meanwhile. */
const RECALL_AFTER_MS = 60_000;

/**
 * Fetches a shard's snapshots, validates each against the symbol's reference and what other vendors
 * say, keeps the last known quotes, and publishes ONE message. References live as long as the
 * function's environment and go on from the stored quotes. A vendor's fault publishes an empty
 * message, so that exits are still decided, and is then thrown: an outage is never an empty answer.
 * So does a poll for whose ticks there is no place: nothing is fetched that would be dropped.
 */
export const createPollMarketData = (deps: PollMarketDataDeps): PollMarketData => {
  // At most one entry a shard (symbols / shardSize).
  const memories = new Map<number, ShardMemory>();
  const poll: PollMarketData = async (shard) => {
    if ((await deps.recorder?.hasRoom()) === false) return failPoll(deps, shard, NO_ROOM, 0);
    await repair(deps, shard, memories.get(shard.shard));
    const startedAtMs = deps.clock.monotonicMs();
    const deadlineMs = startedAtMs + deps.settings.marketData.deadlineMs;
    const fetched = await deps.marketData.fetchSnapshots(shard.symbols, { deadlineMs });
    const latencyMs = deps.clock.monotonicMs() - startedAtMs;
    const memory = memories.get(shard.shard) ?? emptyMemory();
    memories.set(shard.shard, memory);
    if (!fetched.ok) return failVendors(deps, shard, memory, fetched.error, latencyMs);
    const isRecalled =
      shard.slotMs - memory.polledSlotMs <= RECALL_AFTER_MS ||
      (await recallShard(deps.telemetry, shard, memory));
    const nowMs = deps.clock.nowMs();
    const validated = validateShard(memory, fetched.value, nowMs, deps.settings.validation);
    if (isRecalled) memory.polledSlotMs = shard.slotMs;
    const keeping = keepTicks(deps, shard, validated.quotes);
    // Kept first, because the guard reads the price here; but a store that is down stops no exit.
    const lost = await reasonOf(deps.telemetry.recordQuotes(shard.shard, lastKnownOf(memory)));
    await publishQuotes(deps, shard, shard.exitsOnly === true ? [] : validated.quotes);
    const ticks = await keeping;
    if (lost !== undefined) throw lost.reason;
    if (ticks === "held") throw new RetryableError("Neither store nor archive takes the ticks.");
    const mode = modeOf(shard, fetched.value, validated, memory);
    await keepFeed(deps, shard, memory, { atMs: nowMs, dataMode: mode, ...feedOf(fetched.value) });
    return concludePoll(deps, shard, { validated, mode, latencyMs, ticks });
  };
  return async (shard) => {
    try {
      return await poll(shard);
    } finally {
      // Last, so that nothing that is traded on waits for it.
      await deps.marketData.tend?.();
    }
  };
};

/** Why a write failed; nothing where it did not. */
const reasonOf = async (
  write: Promise<void>,
): Promise<{ readonly reason: unknown } | undefined> => {
  try {
    await write;
    return undefined;
  } catch (reason) {
    return { reason };
  }
};

/** Does what healing asked for: connections anew, or a memory that is read from the store again. */
const repair = async (
  { repairs, resetConnections, settings }: PollMarketDataDeps,
  { symbols }: CycleShard,
  memory: ShardMemory | undefined,
): Promise<void> => {
  if (repairs === undefined) return;
  const vendors = await repairs.take("resetVendor", settings.marketData.vendors);
  if (vendors.length > 0) resetConnections?.();
  const stalled = await repairs.take("restartPolling", symbols);
  // What is stored is recalled, a price in doubt with its doubt: nothing is believed sooner.
  if (stalled.length > 0 && memory !== undefined) memory.polledSlotMs = 0;
};

/** Under way while quotes are published, which no slow store may hold up. */
const keepTicks = async (
  { recorder, clock }: PollMarketDataDeps,
  { shard, slotMs }: CycleShard,
  quotes: readonly ValidQuote[],
): Promise<TickKeeping> =>
  recorder === undefined || quotes.length === 0
    ? "stored"
    : recorder.record({ shard, slotMs, takenAtMs: clock.nowMs(), quotes });
