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

/** Incidents of a symbol's exits: refused instead of taken, and ended before all was closed. */
const INCIDENTS = ["exit-refused", "exit-ended"] as const;

type Incident = (typeof INCIDENTS)[number];

/** What the keys of an account's refused exits begin with; the symbol stands behind it. */
export const refusedExitPrefixes = (account: string): readonly string[] =>
  INCIDENTS.map((incident) => `${incident}-${account}-`);

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
  return publish(deps, symbol, "exit-refused", {
    action: "trigger",
    severity: "critical",
    summary,
  });
};

/**
 * The same of an exit that the broker took and ended before all was closed: rejected afterwards, or
 * cancelled, or over with the session. That the next one is taken says nothing: this ends with the
 * position alone.
 */
export const tellOfEndedExit = (
  deps: RefusedExitsDeps,
  symbol: Ticker,
  words: string,
): Promise<void> => {
  const summary = `The exit of ${symbol} ended as ${words} before all was closed; there may be no stop now.`;
  return publish(deps, symbol, "exit-ended", {
    action: "trigger",
    severity: "critical",
    summary,
  });
};

/** Ends what was told of an exit that was not taken, if it was: now one is. */
export const endRefusedExit = (deps: RefusedExitsDeps, symbol: Ticker): Promise<void> =>
  end(deps, symbol, "exit-refused");

/** Ends whatever was told of the exits of a symbol: nothing is held any more. */
export const endRefusedExits = async (deps: RefusedExitsDeps, symbol: Ticker): Promise<void> => {
  for (const incident of INCIDENTS) await end(deps, symbol, incident);
};

const end = (deps: RefusedExitsDeps, symbol: Ticker, incident: Incident): Promise<void> => {
  const summary = `${symbol} is closed, or its exit was taken.`;
  return publish(deps, symbol, incident, { action: "resolve", severity: "info", summary });
};

const SUMMARY_MAX = 1_024;

const publish = (
  { alerts, clock, settings }: RefusedExitsDeps,
  symbol: Ticker,
  incident: Incident,
  { action, severity, summary }: Pick<Alert, "action" | "severity" | "summary">,
): Promise<void> =>
  tolerateLoss(
    alerts.publish({
      key: `${incident}-${settings.account}-${symbol}`,
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
