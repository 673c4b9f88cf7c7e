import { RetryableError, TerminalError } from "../domain/fault.ts";
import type { Alert, Pager } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Hands an alert to the pager. */
export type Notify = (alert: Alert) => Promise<void>;

/** What paging needs. */
export type NotifyDeps = {
  readonly pager: Pager;
  readonly telemetry: Pick<Telemetry, "recordEvidence">;
  readonly clock: Clock;
};

/**
 * Pages a person. The alert's key makes a repeated delivery harmless. Throws `RetryableError` when
 * the pager asks for another try, and `TerminalError` when it refuses the alert for good.
 */
export const createNotify =
  (deps: NotifyDeps): Notify =>
  async (alert) => {
    const startedAtMs = deps.clock.monotonicMs();
    const outcome = await deps.pager.page(alert);
    // A store that is down must neither repeat a page that was accepted nor hide one that was not.
    await Promise.allSettled([
      deps.telemetry.recordEvidence({
        component: "notify",
        atMs: deps.clock.nowMs(),
        succeeded: outcome === "accepted",
        detail: `${alert.action} ${alert.key}: ${outcome}`,
        latencyMs: deps.clock.monotonicMs() - startedAtMs,
        dataAgeMs: null,
        fault: outcome === "refused" ? "configuration" : null,
      }),
    ]);
    switch (outcome) {
      case "accepted":
        return;
      case "retryLater":
        throw new RetryableError("The pager asked for another try.");
      case "refused":
        throw new TerminalError("The pager refused the alert.");
    }
  };
