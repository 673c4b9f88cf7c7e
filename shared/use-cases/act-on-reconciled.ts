import { listOf } from "../domain/listed-record.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { legalEvents } from "../domain/orders/broker-report.ts";
import type { BrokerOrderStatus } from "../domain/orders/broker-state.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import { type Difference, responseTo } from "../domain/reconciliation/difference.ts";
import type { Orphan, ReconciledAccount } from "../domain/reconciliation/reconcile-account.ts";
import type { ReportedClaim } from "../domain/reconciliation/settle-claims.ts";
import { type ControlCell, holdingOf } from "../domain/risk/control-cell.ts";
import { isSuspensionDue, isTakenOver, noteSuspension } from "../domain/risk/trading-state.ts";
import { unprotectedIn } from "../domain/risk/unprotected.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { extendHistory } from "./extend-history.ts";
import { resolveAlerts } from "./keep-alerts.ts";
import { endRefusedExits, tellOfEndedExit } from "./refused-exits.ts";
import { reducingEnd, stateAlert } from "./state-alert.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type CellWriterDeps, updateCell } from "./update-cell.ts";

/** What acting needs. */
export type ActOnReconciledDeps = CellWriterDeps & {
  readonly broker: Pick<Broker, "cancelOrder" | "suspendTrading">;
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Settings;
};

/** A reconciliation that is stored: the cell before and after it, and what it came to. */
type Reconciled = {
  readonly before: ControlCell;
  readonly after: ControlCell;
  readonly result: Pick<
    ReconciledAccount,
    "reported" | "orphans" | "cancellations" | "differences"
  >;
  /** When the broker was read, epoch ms. */
  readonly atMs: number;
};

/**
 * Does what a stored reconciliation asks for: cancels, notes it in the orders' histories, alerts,
 * and has the broker suspend trading where that was wished for.
 */
export const actOnReconciled = async (
  deps: ActOnReconciledDeps,
  { before, after, result, atMs }: Reconciled,
): Promise<void> => {
  // Only now: the write has proven that no claim was made since the cell was read.
  // And all of them first: a history or an alert that fails must leave no order working.
  for (const { brokerOrderId } of [...result.orphans, ...result.cancellations]) {
    // A refusal means that it is over already; a fault is met again by the next run.
    await deps.broker.cancelOrder(brokerOrderId);
  }
  for (const orphan of result.orphans) await noteOrphan(deps, orphan, atMs);
  for (const { clientOrderId, reason } of result.cancellations) {
    const event: OrderEvent = { type: "cancelRequested", atMs: atMs, reason };
    await extendHistory(deps, clientOrderId, () => [event]);
  }
  await alertStates(deps, before, after, result.differences, atMs);
  await suspendIfDue(deps, after);
  await alertUnprotected(deps, before, after, atMs);
  for (const { claim, report } of result.reported.filter(isEndedExit)) {
    const isHeld = holdingOf(after, claim.symbol).quantity !== 0;
    if (isHeld) await tellOfEndedExit(deps, claim.symbol, report.statusText);
  }
  for (const symbol of closedSince(before, after)) await endRefusedExits(deps, symbol);
};

/** Whether the broker has ended an exit, which stood as taken until now, before it closed all. */
const isEndedExit = ({ claim, report, isNews }: ReportedClaim): boolean =>
  isNews && claim.purpose === "exit" && report.filled < claim.quantity && isEnd(report.status);

/** What was replaced at the broker's own page goes on there. */
const isEnd = (status: BrokerOrderStatus): boolean =>
  status === "rejected" || status === "cancelled" || status === "expired";

/** What was held and is not any more. */
const closedSince = (before: ControlCell, after: ControlCell): readonly Ticker[] => {
  if (before.holdings === after.holdings) return [];
  // A holding's key is a symbol: the ledger reads it as one.
  return (listOf(before.holdings).names as readonly Ticker[]).filter(
    (symbol) => holdingOf(before, symbol).quantity !== 0 && holdingOf(after, symbol).quantity === 0,
  );
};

/** An order of ours that no claim stood for: it could only add risk that nobody counted. */
const noteOrphan = async (
  deps: ActOnReconciledDeps,
  orphan: Orphan,
  atMs: number,
): Promise<void> => {
  const { clientOrderId, brokerOrderId } = orphan;
  const loaded = await deps.ledger.loadOrder(clientOrderId);
  if (loaded.ok && loaded.value !== undefined) {
    const event: OrderEvent = { type: "orphaned", atMs, brokerOrderId };
    const events = legalEvents(loaded.value, [event]);
    if (events.length > 0) {
      await deps.ledger.appendEvents(clientOrderId, loaded.value.eventCount, events);
    }
  }
  await raise(deps, atMs, {
    key: `orphan-order-${clientOrderId}`,
    severity: "critical",
    summary: `${clientOrderId} was live without a claim; its cancellation was asked for.`,
  });
};

/** Tells of what a person has to know: each class of difference, and a state that got tighter. */
const alertStates = async (
  deps: ActOnReconciledDeps,
  before: ControlCell,
  after: ControlCell,
  differences: readonly Difference[],
  atMs: number,
): Promise<void> => {
  for (const difference of differences) {
    const response = responseTo(difference.type);
    if (response === "blocksEntries" && difference.type !== "historyUnreadable") continue;
    await raise(deps, atMs, {
      key: `${differenceKey(after.account)}${difference.type}`,
      severity: response === "adopted" ? "warning" : "critical",
      summary: `Ledger and broker differ (${response}). ${difference.detail}`,
    });
  }
  if (before.reconciliation.state !== "clean" && after.reconciliation.state === "clean") {
    const end = { summary: "Ledger and broker agree.", atMs };
    await tolerateLoss(resolveAlerts(deps, differenceKey(after.account), end));
  }
  if (!isNewlyStopped(before, after, atMs)) return;
  const telling = { component: "reconcile-orders", mode: deps.settings.mode, atMs };
  await deps.alerts.publish(stateAlert(after, telling));
  // It goes on under that name: a flattening has ended so, or what was found is worse.
  if (after.tradingState.mode !== "halted") return;
  await tolerateLoss(deps.alerts.publish(reducingEnd(after, telling)));
};

/** For so long a state is told of again, in the same words: whoever wrote it may not have told. */
const TOLD_AGAIN_MS = 10 * 60_000;

/** Whether less is allowed than before, or not for long; a takeover is told of as such. */
const isNewlyStopped = (before: ControlCell, after: ControlCell, atMs: number): boolean => {
  const { mode, atMs: sinceMs } = after.tradingState;
  if (mode === "active" || isTakenOver(after)) return false;
  return before.tradingState.mode !== mode || atMs - sinceMs < TOLD_AGAIN_MS;
};

/**
 * While trading is halted no cycle closes what has lost its bracket: a person has to know. What is
 * allowed to be closed again is closed by the next cycle.
 */
const alertUnprotected = async (
  deps: ActOnReconciledDeps,
  before: ControlCell,
  after: ControlCell,
  atMs: number,
): Promise<void> => {
  if (before.tradingState.mode === "active" && after.tradingState.mode === "active") return;
  const key = `position-unprotected-${after.account}`;
  const naked = after.tradingState.mode === "halted" ? unprotectedIn(after) : [];
  if (naked.length > 0) {
    const held = naked.join(", ").slice(0, NAMED_MAX);
    const summary = `Trading is halted, and no stop at the broker protects what is held of ${held}.`;
    await raise(deps, atMs, { key, severity: "critical", summary, runbook: "trading-halted" });
    return;
  }
  const wasNaked = unprotectedIn(before).length > 0;
  if (!wasNaked && before.tradingState.mode === after.tradingState.mode) return;
  const summary = "What is held has a stop at the broker, or may be closed.";
  await tolerateLoss(resolveAlerts(deps, key, { summary, atMs }));
};

/** Characters of the symbols that an alert names. */
const NAMED_MAX = 800;

const differenceKey = (account: string): string => `ledger-broker-differ-${account}-`;

/** Asks the broker to refuse orders where that was wished for; a fault is met by the next run. */
const suspendIfDue = async (deps: ActOnReconciledDeps, cell: ControlCell): Promise<void> => {
  if (!isSuspensionDue(cell)) return;
  const suspended = await deps.broker.suspendTrading();
  if (suspended.ok) await updateCell(deps, cell, noteSuspension);
};

const raise = (
  deps: ActOnReconciledDeps,
  atMs: number,
  alert: Pick<Alert, "key" | "severity" | "summary"> & Partial<Pick<Alert, "runbook">>,
): Promise<void> =>
  deps.alerts.publish({
    runbook: "ledger-broker-differ",
    ...alert,
    action: "trigger",
    component: "reconcile-orders",
    mode: deps.settings.mode,
    atMs,
  });
