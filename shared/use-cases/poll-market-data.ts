import { RetryableError, TerminalError } from "../domain/fault.ts";
import { stoppedAt, type FunnelCounts } from "../domain/funnel/funnel.ts";
import { sessionOf } from "../domain/market/calendar.ts";
import { dataModeOf, type DataMode } from "../domain/market/data-mode.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData, SnapshotAnswer } from "../ports/market-data.ts";
import type { MessageSender } from "../ports/message-queue.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isTransient, type VendorFault } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import type { MarketDataMessage } from "./market-data-message.ts";
import type { CycleShard } from "./open-cycle.ts";
import {
  emptyMemory,
  recallShard,
  validateShard,
  type ShardMemory,
  type ValidatedShard,
} from "./shard-memory.ts";

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

/** Polls one shard. */
export type PollMarketData = (shard: CycleShard) => Promise<ShardPolled>;

/** What polling needs. */
export type PollMarketDataDeps = {
  readonly marketData: MarketData;
  readonly telemetry: Telemetry;
  readonly messages: MessageSender;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** Two cycles: after more than that another environment may have polled the shard meanwhile. */
const RECALL_AFTER_MS = 60_000;

/**
 * Fetches a shard's snapshots, validates each against the symbol's reference and what other vendors
 * say, keeps the last known quotes, and publishes ONE message. References live as long as the
 * function's environment and go on from the stored quotes. A vendor's fault publishes an empty
 * message, so that exits are still decided, and is then thrown: an outage is never an empty answer.
 */
export const createPollMarketData = (deps: PollMarketDataDeps): PollMarketData => {
  // At most one entry a shard (symbols / shardSize).
  const memories = new Map<number, ShardMemory>();
  return async (shard) => {
    const startedAtMs = deps.clock.monotonicMs();
    const deadlineMs = startedAtMs + deps.settings.marketData.deadlineMs;
    const fetched = await deps.marketData.fetchSnapshots(shard.symbols, { deadlineMs });
    const latencyMs = deps.clock.monotonicMs() - startedAtMs;
    if (!fetched.ok) return failPoll(deps, shard, fetched.error, latencyMs);
    const memory = memories.get(shard.shard) ?? emptyMemory();
    memories.set(shard.shard, memory);
    const isRecalled =
      shard.slotMs - memory.polledSlotMs <= RECALL_AFTER_MS ||
      (await recallShard(deps.telemetry, shard, memory));
    const nowMs = deps.clock.nowMs();
    const validated = validateShard(memory, fetched.value, nowMs, deps.settings.validation);
    if (isRecalled) memory.polledSlotMs = shard.slotMs;
    // Kept first, because the guard reads the price here; but a store that is down stops no exit.
    const [kept] = await Promise.allSettled([
      deps.telemetry.recordQuotes(shard.shard, [...memory.lastKnown.values()]),
    ]);
    await publish(deps, shard, validated.quotes);
    if (kept.status === "rejected") throw kept.reason;
    const mode = modeOf(shard, fetched.value, validated, memory);
    return conclude(deps, shard, { validated, mode, latencyMs });
  };
};

const modeOf = (
  { slotMs }: CycleShard,
  { vendors = [] }: SnapshotAnswer,
  validated: ValidatedShard,
  { lastKnown }: ShardMemory,
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
        : [...lastKnown.values()].reduce<number | undefined>(
            (newest, { exchangeTimeMs }) => Math.max(newest ?? 0, exchangeTimeMs),
            undefined,
          ),
    opensAtMs: sessionOf(epochMsToNewYork(slotMs).date)?.opensAtMs ?? slotMs,
  });

const publish = (
  deps: PollMarketDataDeps,
  { cycleId, slotMs, shard }: CycleShard,
  quotes: readonly ValidQuote[],
): Promise<void> => {
  const sessionDate = epochMsToNewYork(slotMs).date;
  const message: MarketDataMessage = { cycleId, slotMs, sessionDate, shard, quotes };
  return deps.messages.send([{ body: JSON.stringify(message) }]);
};

/** A poll that brought an answer. */
type Poll = {
  readonly validated: ValidatedShard;
  readonly mode: DataMode;
  readonly latencyMs: number;
};

/** Counts, and only then proves: evidence comes after the work. */
const conclude = async (
  deps: PollMarketDataDeps,
  { shard, slotMs }: CycleShard,
  { validated, mode, latencyMs }: Poll,
): Promise<ShardPolled> => {
  const { quotes, polled, missing, confirmed, rejected, samples, newestAtMs } = validated;
  const valid = quotes.length;
  await deps.telemetry.addToFunnel(epochMsToNewYork(slotMs).date, {
    passed: { polled: polled - missing, valid },
    stopped: { ...stopsAt("polled", { missing }), ...stopsAt("valid", rejected) },
  });
  const atMs = deps.clock.nowMs();
  await deps.telemetry.recordEvidence({
    component: "market-data",
    atMs,
    // Single symbols fail by themselves; when most of them do, or nobody confirms what most of
    // them are worth, the feed has failed: nothing can be entered.
    succeeded: valid * 2 >= polled && confirmed * 2 >= valid,
    detail: describe(validated, mode),
    latencyMs,
    dataAgeMs: newestAtMs === undefined ? null : Math.max(0, atMs - newestAtMs),
    fault: null,
  });
  return {
    shard,
    polled,
    valid,
    confirmed,
    dataMode: mode,
    rejected: missing === 0 ? rejected : { ...rejected, missing },
    samples,
  };
};

const describe = (validated: ValidatedShard, mode: DataMode): string => {
  const { quotes, polled, missing, confirmed, rejected, odd } = validated;
  const reasons = Object.entries({ ...rejected, missing }).filter(([, count]) => count > 0);
  const unconfirmed = quotes.length - confirmed;
  return [
    `${quotes.length} of ${polled} quotes are valid.`,
    ...reasons.map(([name, n]) => `${name}: ${n}.`),
    ...(unconfirmed === 0 ? [] : [`No second vendor confirms ${unconfirmed}.`]),
    ...Object.entries(odd).map(([vendor, n]) => `${vendor} disagrees about ${n}.`),
    ...(mode === "full" ? [] : [`Data mode: ${mode}.`]),
  ].join(" ");
};

const failPoll = async (
  deps: PollMarketDataDeps,
  shard: CycleShard,
  fault: VendorFault,
  latencyMs: number,
): Promise<never> => {
  const detail = `${fault.class}: ${fault.detail}`;
  await publish(deps, shard, []);
  await deps.telemetry.addToFunnel(epochMsToNewYork(shard.slotMs).date, {
    passed: {},
    stopped: stopsAt("polled", { [fault.class]: shard.symbols.length }),
  });
  await deps.telemetry.recordEvidence({
    component: "market-data",
    atMs: deps.clock.nowMs(),
    succeeded: false,
    detail,
    latencyMs,
    dataAgeMs: null,
    fault: faultKindOf(fault),
  });
  const message = `Shard ${shard.shard} could not be polled. ${detail}`;
  throw isTransient(fault) ? new RetryableError(message) : new TerminalError(message);
};

const stopsAt = (
  stage: "polled" | "valid",
  counts: Readonly<Record<string, number>>,
): FunnelCounts["stopped"] =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => [stoppedAt(stage, reason), count]),
  );
