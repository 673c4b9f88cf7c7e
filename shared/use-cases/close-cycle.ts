import { worseMode, type DataMode } from "../domain/market/data-mode.ts";
import type { Clock } from "../ports/clock.ts";
import type { CycleRecord, Telemetry } from "../ports/telemetry.ts";

/** What a shard's poll came to; `error` stands for a poll that failed. */
type ShardOutcome =
  | {
      readonly shard: number;
      readonly polled: number;
      readonly valid: number;
      readonly dataMode?: DataMode | undefined;
    }
  | { readonly shard: number; readonly error: string };

/** A cycle at its end: what its branches came to. */
export type CycleEnd = {
  readonly cycleId: string;
  readonly slotMs: number;
  readonly polls: readonly ShardOutcome[];
  readonly flow: { readonly withFlow: number } | { readonly error: string };
};

/** Ends a cycle. */
export type CloseCycle = (end: CycleEnd) => Promise<CycleClosed>;

/** What the cycle came to, and a sentence about it. */
export type CycleClosed = Pick<CycleRecord, "outcome" | "reason" | "dataMode">;

/** What closing a cycle needs. */
export type CloseCycleDeps = { readonly telemetry: Telemetry; readonly clock: Clock };

/**
 * Writes down what the cycle was, and its heartbeat: only here, after the work, so that a cycle
 * that died half way proves nothing. A cycle failed when no shard was polled.
 */
export const createCloseCycle =
  (deps: CloseCycleDeps): CloseCycle =>
  async (end) => {
    const failed = end.polls.filter((poll) => "error" in poll);
    const outcome = failed.length < end.polls.length ? "completed" : "failed";
    const dataMode = dataModeOf(end);
    const reason = reasonOf(end, failed.length, dataMode);
    const closedAtMs = deps.clock.nowMs();
    const { cycleId, slotMs } = end;
    await deps.telemetry.recordCycle({ cycleId, slotMs, closedAtMs, outcome, reason, dataMode });
    await deps.telemetry.recordEvidence({
      component: "trading-cycle",
      atMs: closedAtMs,
      succeeded: outcome === "completed",
      detail: reason,
      latencyMs: Math.max(0, closedAtMs - slotMs),
      dataAgeMs: null,
      fault: null,
    });
    return { outcome, reason, dataMode };
  };

const reasonOf = ({ polls, flow }: CycleEnd, failed: number, dataMode: DataMode | null): string => {
  let polled = 0;
  let valid = 0;
  for (const poll of polls) {
    if ("error" in poll) continue;
    polled += poll.polled;
    valid += poll.valid;
  }
  const shards = failed === 0 ? "" : ` ${failed} of ${polls.length} shards failed.`;
  const withoutFlow = "error" in flow ? " The flow could not be read." : "";
  const mode = dataMode === null || dataMode === "full" ? "" : ` Data mode: ${dataMode}.`;
  return `${valid} of ${polled} quotes were valid.${shards}${mode}${withoutFlow}`;
};

/** The worst of the shards'; one that could not be polled lives on what was known before. */
const dataModeOf = ({ polls }: CycleEnd): DataMode | null =>
  polls
    .map((poll): DataMode => ("error" in poll ? "cached" : (poll.dataMode ?? "full")))
    .reduce<DataMode | null>(
      (worst, mode) => (worst === null ? mode : worseMode(worst, mode)),
      null,
    );
