import { RetryableError, TerminalError } from "../domain/fault.ts";
import { stoppedAt, type FunnelCounts } from "../domain/funnel/funnel.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import { sessionOf } from "../domain/market/calendar.ts";
import { isFeedNews, type FeedRecord } from "../domain/market/feed-record.ts";
import { dataModeOf, type DataMode } from "../domain/market/data-mode.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData, SnapshotAnswer, SnapshotFault } from "../ports/market-data.ts";
import type { MessageSender } from "../ports/message-queue.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isTransient, type VendorFault } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import { type MarketDataMessage, writeMarketDataMessage } from "./market-data-message.ts";
import type { CycleShard } from "./open-cycle.ts";
import type { Repairs } from "./healing/read-repairs.ts";
import type { TickKeeping, TickRecorder } from "./record-ticks.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import {
  emptyMemory,
  lastKnownOf,
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
  /** Absent where ticks are not recorded. */
  readonly recorder?: TickRecorder | undefined;
  /** What healing asked of this environment; absent where nothing heals. */
  readonly repairs?: Repairs | undefined;
  /** Closes every connection to the vendors; the next request opens its own. */
  readonly resetConnections?: (() => void) | undefined;
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
    await publish(deps, shard, validated.quotes);
    const ticks = await keeping;
    if (lost !== undefined) throw lost.reason;
    if (ticks === "held") throw new RetryableError("Neither store nor archive takes the ticks.");
    const mode = modeOf(shard, fetched.value, validated, memory);
    await keepFeed(deps, shard, memory, { atMs: nowMs, dataMode: mode, ...feedOf(fetched.value) });
    return conclude(deps, shard, { validated, mode, latencyMs, ticks });
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

/** Why a poll brought nothing. */
type PollFailure = {
  readonly reason: string;
  readonly detail: string;
  readonly fault: Evidence["fault"];
  readonly isPassing: boolean;
};

const NO_ROOM: PollFailure = {
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

/** Under way while quotes are published, which no slow store may hold up. */
const keepTicks = async (
  { recorder, clock }: PollMarketDataDeps,
  { shard, slotMs }: CycleShard,
  quotes: readonly ValidQuote[],
): Promise<TickKeeping> =>
  recorder === undefined || quotes.length === 0
    ? "stored"
    : recorder.record({ shard, slotMs, takenAtMs: clock.nowMs(), quotes });

const modeOf = (
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

const feedOf = ({
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
const keepFeed = async (
  { telemetry }: PollMarketDataDeps,
  { shard }: CycleShard,
  memory: ShardMemory,
  feed: FeedRecord,
): Promise<void> => {
  if (feed.vendors.length === 0 || !isFeedNews(memory.feed, feed)) return;
  memory.feed = feed;
  await tolerateLoss(telemetry.recordFeed(shard, feed));
};

const publish = (
  deps: PollMarketDataDeps,
  { cycleId, slotMs, shard }: CycleShard,
  quotes: readonly ValidQuote[],
): Promise<void> => {
  const sessionDate = epochMsToNewYork(slotMs).date;
  const message: MarketDataMessage = { cycleId, slotMs, sessionDate, shard, quotes };
  return deps.messages.send([{ body: writeMarketDataMessage(message) }]);
};

/** A poll that brought an answer. */
type Poll = {
  readonly validated: ValidatedShard;
  readonly mode: DataMode;
  readonly latencyMs: number;
  readonly ticks: TickKeeping;
};

/** Counts, and only then proves: evidence comes after the work. */
const conclude = async (
  deps: PollMarketDataDeps,
  { shard, slotMs }: CycleShard,
  { validated, mode, latencyMs, ticks }: Poll,
): Promise<ShardPolled> => {
  const { quotes, polled, missing, confirmed, rejected, samples, newestAtMs } = validated;
  const valid = quotes.length;
  await deps.telemetry.addToFunnel(epochMsToNewYork(slotMs).date, {
    passed: { polled: polled - missing, valid },
    stopped: stopsOf(missing, rejected),
  });
  const atMs = deps.clock.nowMs();
  await deps.telemetry.recordEvidence({
    component: "market-data",
    atMs,
    // Single symbols fail by themselves; when most of them do, or nobody confirms what most of
    // them are worth, the feed has failed: nothing can be entered.
    succeeded: valid * 2 >= polled && confirmed * 2 >= valid,
    detail: `${describe(validated, mode)}${ticks === "stored" ? "" : BUFFERED}`,
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

const BUFFERED = " The ticks are buffered in the archive.";

/** Piece by piece: nearly always the first sentence is all there is to say. */
const describe = (validated: ValidatedShard, mode: DataMode): string => {
  const { quotes, polled, missing, confirmed, rejected, odd } = validated;
  const unconfirmed = quotes.length - confirmed;
  let text = `${quotes.length} of ${polled} quotes are valid.`;
  for (const reason in rejected) text += ` ${reason}: ${rejected[reason]}.`;
  if (missing > 0) text += ` missing: ${missing}.`;
  if (unconfirmed > 0) text += ` No second vendor confirms ${unconfirmed}.`;
  for (const [vendor, n] of Object.entries(odd)) text += ` ${vendor} disagrees about ${n}.`;
  if (mode !== "full") text += ` Data mode: ${mode}.`;
  return text;
};

/** Nobody answered: exits are decided all the same, and what became of each vendor is kept. */
const failVendors = async (
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

const failPoll = async (
  deps: PollMarketDataDeps,
  shard: CycleShard,
  { reason, detail, fault, isPassing }: PollFailure,
  latencyMs: number,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<never> => {
  await publish(deps, shard, []);
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

const stopsOf = (
  missing: number,
  rejected: ValidatedShard["rejected"],
): FunnelCounts["stopped"] => {
  const stopped: Record<string, number> = {};
  if (missing > 0) stopped[stoppedAt("polled", "missing")] = missing;
  for (const reason in rejected) stopped[stoppedAt("valid", reason)] = rejected[reason] ?? 0;
  return stopped;
};
