import { RetryableError, TerminalError } from "../domain/fault.ts";
import { stoppedAt, type FunnelCounts } from "../domain/funnel/funnel.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { PriceReference } from "../domain/market/price-reference.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { validateSnapshot } from "../domain/market/validate-quote.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData, SnapshotAnswer } from "../ports/market-data.ts";
import type { MessageSender } from "../ports/message-queue.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isTransient, type VendorFault } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import type { MarketDataMessage } from "./market-data-message.ts";
import type { CycleShard } from "./open-cycle.ts";

/** What a shard's poll came to; each rejected snapshot is counted under its first reason. */
export type ShardPolled = {
  readonly shard: number;
  readonly polled: number;
  readonly valid: number;
  readonly rejected: Readonly<Record<string, number>>;
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

/**
 * Fetches a shard's snapshots, validates each against the symbol's reference, keeps the last known
 * quotes, and publishes ONE message. References live as long as the function's environment and
 * start from the stored quotes. A vendor's fault publishes an empty message, so that exits are
 * still decided, and is then thrown: an outage is never an empty answer.
 */
export const createPollMarketData = (deps: PollMarketDataDeps): PollMarketData => {
  // At most one entry a shard (symbols / shardSize) and, inside, one a symbol.
  const memories = new Map<number, ShardMemory>();
  return async (shard) => {
    const startedAtMs = deps.clock.monotonicMs();
    const fetched = await deps.marketData.fetchSnapshots(shard.symbols);
    const latencyMs = deps.clock.monotonicMs() - startedAtMs;
    if (!fetched.ok) return failPoll(deps, shard, fetched.error, latencyMs);
    const memory = memories.get(shard.shard) ?? (await recall(deps, shard));
    memories.set(shard.shard, memory);
    const validated = validate(deps, memory, fetched.value);
    // Kept first, because the guard reads the price here; but a store that is down stops no exit.
    const [kept] = await Promise.allSettled([
      deps.telemetry.recordQuotes(shard.shard, [...memory.lastKnown.values()]),
    ]);
    await publish(deps, shard, validated.quotes);
    if (kept.status === "rejected") throw kept.reason;
    return conclude(deps, shard, validated, latencyMs);
  };
};

/** What is remembered of a shard between polls. */
type ShardMemory = {
  readonly references: Map<Ticker, PriceReference>;
  readonly lastKnown: Map<Ticker, ValidQuote>;
};

type Validated = {
  readonly quotes: readonly ValidQuote[];
  readonly polled: number;
  readonly missing: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly newestAtMs: number | undefined;
};

/** A new environment goes on from the last quotes that were stored, however old. */
const recall = async (deps: PollMarketDataDeps, shard: CycleShard): Promise<ShardMemory> => {
  const references = new Map<Ticker, PriceReference>();
  const lastKnown = new Map<Ticker, ValidQuote>();
  const symbols = new Set(shard.symbols);
  for (const quote of await deps.telemetry.loadQuotes(shard.shard)) {
    if (!symbols.has(quote.symbol)) continue;
    lastKnown.set(quote.symbol, quote);
    references.set(quote.symbol, {
      price: quote.mid,
      exchangeTimeMs: quote.exchangeTimeMs,
      candidate: undefined,
    });
  }
  return { references, lastKnown };
};

const validate = (
  { clock, settings }: PollMarketDataDeps,
  { references, lastKnown }: ShardMemory,
  answer: SnapshotAnswer,
): Validated => {
  const nowMs = clock.nowMs();
  const quotes: ValidQuote[] = [];
  const rejected: Record<string, number> = {};
  let newestAtMs: number | undefined;
  for (const snapshot of answer.snapshots) {
    const { symbol } = snapshot;
    const verdict = validateSnapshot(snapshot, references.get(symbol), nowMs, settings.validation);
    if (verdict.reference !== undefined) references.set(symbol, verdict.reference);
    if (!verdict.accepted) {
      const reason = verdict.reasons[0] ?? "unknown";
      rejected[reason] = (rejected[reason] ?? 0) + 1;
      continue;
    }
    const { quote } = verdict;
    quotes.push(quote);
    const known = lastKnown.get(symbol);
    if (known === undefined || known.exchangeTimeMs <= quote.exchangeTimeMs) {
      lastKnown.set(symbol, quote);
    }
    if (newestAtMs === undefined || quote.exchangeTimeMs > newestAtMs) {
      newestAtMs = quote.exchangeTimeMs;
    }
  }
  const missing = answer.missing.length;
  return { quotes, polled: answer.snapshots.length + missing, missing, rejected, newestAtMs };
};

const publish = (
  deps: PollMarketDataDeps,
  { cycleId, slotMs, shard }: CycleShard,
  quotes: readonly ValidQuote[],
): Promise<void> => {
  const sessionDate = epochMsToNewYork(slotMs).date;
  const message: MarketDataMessage = { cycleId, slotMs, sessionDate, shard, quotes };
  return deps.messages.send([{ body: JSON.stringify(message) }]);
};

/** Counts, and only then proves: evidence comes after the work. */
const conclude = async (
  deps: PollMarketDataDeps,
  { shard, slotMs }: CycleShard,
  { quotes, polled, missing, rejected, newestAtMs }: Validated,
  latencyMs: number,
): Promise<ShardPolled> => {
  const valid = quotes.length;
  await deps.telemetry.addToFunnel(epochMsToNewYork(slotMs).date, {
    passed: { polled: polled - missing, valid },
    stopped: { ...stopsAt("polled", { missing }), ...stopsAt("valid", rejected) },
  });
  const atMs = deps.clock.nowMs();
  const reasons = Object.entries({ ...rejected, missing }).filter(([, count]) => count > 0);
  await deps.telemetry.recordEvidence({
    component: "market-data",
    atMs,
    // Single symbols fail by themselves; when most of them do, the feed has failed.
    succeeded: valid * 2 >= polled,
    detail: [
      `${valid} of ${polled} quotes are valid.`,
      ...reasons.map(([name, n]) => `${name}: ${n}.`),
    ].join(" "),
    latencyMs,
    dataAgeMs: newestAtMs === undefined ? null : Math.max(0, atMs - newestAtMs),
    fault: null,
  });
  return { shard, polled, valid, rejected: missing === 0 ? rejected : { ...rejected, missing } };
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
