import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Mode } from "../domain/settings.ts";
import type { Alert } from "../ports/alerts.ts";

/** Who tells, in which world, and when. */
type Telling = Pick<Alert, "component" | "atMs"> & { readonly mode: Mode };

const SUMMARY_MAX = 1_024;

/**
 * What people are told of a cell whose trading is not active, in the same words whoever tells it:
 * the key names the state, so that a repetition is no second incident.
 */
export const stateAlert = (
  { account, tradingState }: Pick<ControlCell, "account" | "tradingState">,
  telling: Telling,
): Alert => {
  const { mode, reason, by } = tradingState;
  return {
    ...telling,
    key: `trading-${mode}-${account}`,
    action: "trigger",
    severity: "critical",
    summary: `Trading is ${mode} by ${by}: ${reason}`.slice(0, SUMMARY_MAX),
    runbook: `trading-${mode}`,
  };
};

/** Ends what was told of trading that was reducing, where it was: it is halted now. */
export const reducingEnd = (
  { account, tradingState }: Pick<ControlCell, "account" | "tradingState">,
  telling: Telling,
): Alert => ({
  ...telling,
  key: `trading-reducing-${account}`,
  action: "resolve",
  severity: "info",
  summary: `Trading is no longer reducing, but ${tradingState.mode}: ${tradingState.reason}`.slice(
    0,
    SUMMARY_MAX,
  ),
  runbook: "trading-reducing",
});
