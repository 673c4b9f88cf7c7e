import { explainFunnel } from "../domain/funnel/explain-funnel.ts";
import { worseMode, type DataMode } from "../domain/market/data-mode.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { CycleRecord, Telemetry } from "../ports/telemetry.ts";
import { createReadActivity } from "./read/read-activity.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

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
export type CloseCycleDeps = {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "symbols">;
};

/** How often a session's activity is compared with what was to be expected of it. */
const ACTIVITY_EVERY_MS = 15 * 60_000;

/**
 * Writes down what the cycle was, and its heartbeat: only here, after the work, so that a cycle
 * that died half way proves nothing. A cycle failed when no shard was polled.
 */
export const createCloseCycle = (deps: CloseCycleDeps): CloseCycle => {
  const readActivity = createReadActivity(deps);
  return async (end) => {
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
    if (slotMs % ACTIVITY_EVERY_MS === 0) await tolerateLoss(judge(deps, readActivity, reason));
    return { outcome, reason, dataMode };
  };
};

/**
 * Evidence of whether the session is as active as it should be (R5): silence that is not usual at
 * this hour and volatility is a failure that nothing else may have noticed, and so are scores of
 * another kind (R9).
 */
const judge = async (
  { telemetry, clock }: CloseCycleDeps,
  readActivity: ReturnType<typeof createReadActivity>,
  cycleReason: string,
): Promise<void> => {
  const atMs = clock.nowMs();
  const reading = await readActivity(epochMsToNewYork(atMs).date);
  const { funnel: counts, expectation, distribution } = reading;
  const { sentences } = explainFunnel({
    counts,
    expectation,
    distribution,
    nearest: [],
    cycleReason,
  });
  await telemetry.recordEvidence({
    component: "activity",
    atMs,
    succeeded: expectation.verdict !== "abnormal" && distribution.verdict !== "drifted",
    detail: sentences.join(" "),
    latencyMs: null,
    dataAgeMs: null,
    fault: null,
  });
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
