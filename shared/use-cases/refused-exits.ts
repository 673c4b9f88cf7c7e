import type { Ticker } from "../domain/market/ticker.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** What telling of refused exits needs. */
export type RefusedExitsDeps = {
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Pick<Settings, "account" | "mode">;
};

/**
 * Tells people that the broker refuses to close a symbol: its bracket is gone for that exit, and
 * every cycle tries again by itself, so that nothing else would show it. `words` are the broker's.
 */
export const tellOfRefusedExit = (
  deps: RefusedExitsDeps,
  symbol: Ticker,
  words: string,
): Promise<void> => {
  const summary = `The broker refuses to close ${symbol}, which may have no stop now: ${words}`;
  return publish(deps, symbol, { action: "trigger", severity: "critical", summary });
};

/** Ends it, where it was told: an exit was taken, or nothing is held any more. */
export const endRefusedExit = (deps: RefusedExitsDeps, symbol: Ticker): Promise<void> => {
  const summary = `${symbol} is closed, or its exit was taken.`;
  return publish(deps, symbol, { action: "resolve", severity: "info", summary });
};

const SUMMARY_MAX = 1_024;

const publish = (
  { alerts, clock, settings }: RefusedExitsDeps,
  symbol: Ticker,
  { action, severity, summary }: Pick<Alert, "action" | "severity" | "summary">,
): Promise<void> =>
  tolerateLoss(
    alerts.publish({
      key: `exit-refused-${settings.account}-${symbol}`,
      action,
      severity,
      summary: summary.slice(0, SUMMARY_MAX),
      component: "execute-orders",
      mode: settings.mode,
      atMs: clock.nowMs(),
      runbook: "exit-refused",
      isOfThisRegion: true,
    }),
  );
