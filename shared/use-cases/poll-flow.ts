import { RetryableError, TerminalError } from "../domain/fault.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { FlowEvidence } from "../domain/signals/flow.ts";
import type { Clock } from "../ports/clock.ts";
import type { Flow } from "../ports/flow.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isTransient } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";

/** How many symbols were asked for, and of how many anything is known. */
export type FlowPolled = { readonly symbols: number; readonly withFlow: number };

/** Polls the flow of symbols. */
export type PollFlow = (symbols: readonly Ticker[]) => Promise<FlowPolled>;

/** What polling flow needs. */
export type PollFlowDeps = {
  readonly flow: Flow;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
};

/**
 * Fetches and keeps the flow of the symbols. An outage is not an empty answer: it leaves what is
 * known as it is, ageing by its own time stamps, and throws `RetryableError` or `TerminalError`.
 */
export const createPollFlow =
  (deps: PollFlowDeps): PollFlow =>
  async (symbols) => {
    const startedAtMs = deps.clock.monotonicMs();
    const fetched = await deps.flow.fetchEvidence(symbols);
    const evidence = { component: "flow", latencyMs: deps.clock.monotonicMs() - startedAtMs };
    if (!fetched.ok) {
      const detail = `${fetched.error.class}: ${fetched.error.detail}`;
      const atMs = deps.clock.nowMs();
      const fault = faultKindOf(fetched.error);
      const failure = { ...evidence, atMs, succeeded: false, detail, dataAgeMs: null, fault };
      await deps.telemetry.recordEvidence(failure);
      const message = `The flow could not be read. ${detail}`;
      throw isTransient(fetched.error) ? new RetryableError(message) : new TerminalError(message);
    }
    await deps.telemetry.recordFlow(fetched.value);
    const atMs = deps.clock.nowMs();
    await deps.telemetry.recordEvidence({
      ...evidence,
      atMs,
      succeeded: true,
      detail: `Of ${fetched.value.length} of ${symbols.length} symbols something is known.`,
      dataAgeMs: newestAgeMs(fetched.value, atMs),
      fault: null,
    });
    return { symbols: symbols.length, withFlow: fetched.value.length };
  };

/** The age of the newest alert by the vendor's time stamp; null if no symbol has any. */
const newestAgeMs = (evidence: readonly FlowEvidence[], nowMs: number): number | null => {
  let newestMs = -Infinity;
  for (const { flowAlerts } of evidence) {
    newestMs = Math.max(newestMs, flowAlerts?.observedAtMs ?? -Infinity);
  }
  return newestMs === -Infinity ? null : Math.max(0, nowMs - newestMs);
};
