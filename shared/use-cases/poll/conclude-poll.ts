import { type FunnelCounts, stoppedAt } from "../../domain/funnel/funnel.ts";
import type { DataMode } from "../../domain/market/data-mode.ts";
import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import type { CycleShard } from "../open-cycle.ts";
import type { TickKeeping } from "../record-ticks.ts";
import type { ValidatedShard } from "../shard-memory.ts";
import type { PollMarketDataDeps, ShardPolled } from "./shard-poll.ts";

/** A poll that brought an answer. */
type Poll = {
  readonly validated: ValidatedShard;
  readonly mode: DataMode;
  readonly latencyMs: number;
  readonly ticks: TickKeeping;
};

/** Counts, and only then proves: evidence comes after the work. */
export const concludePoll = async (
  deps: PollMarketDataDeps,
  { shard, slotMs, exitsOnly = false }: CycleShard,
  { validated, mode, latencyMs, ticks }: Poll,
): Promise<ShardPolled> => {
  const { quotes, polled, missing, confirmed, rejected, samples, newestAtMs } = validated;
  const valid = quotes.length;
  await deps.telemetry.addToFunnel(epochMsToNewYork(slotMs).date, {
    passed: { polled: polled - missing, valid },
    stopped: {
      ...stopsOf(missing, rejected),
      // What is held among them is decided on what was kept.
      ...(exitsOnly && valid > 0 ? { [stoppedAt("scored", "exitsOnly")]: valid } : {}),
    },
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

const stopsOf = (
  missing: number,
  rejected: ValidatedShard["rejected"],
): FunnelCounts["stopped"] => {
  const stopped: Record<string, number> = {};
  if (missing > 0) stopped[stoppedAt("polled", "missing")] = missing;
  for (const reason in rejected) stopped[stoppedAt("valid", reason)] = rejected[reason] ?? 0;
  return stopped;
};
