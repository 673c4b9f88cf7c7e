import { RetryableError } from "../domain/fault.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import { eventsOfAbsence, eventsOfReport, legalEvents } from "../domain/orders/broker-report.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import type { BrokerObservation } from "../domain/reconciliation/broker-observation.ts";
import { type Difference, responseTo } from "../domain/reconciliation/difference.ts";
import { applyLateFill, isLateFill, type LateFill } from "../domain/reconciliation/late-fill.ts";
import {
  type Cancellation,
  type Orphan,
  reconcileAccount,
  type ReconciledAccount,
} from "../domain/reconciliation/reconcile-account.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { isSuspensionDue, noteSuspension } from "../domain/risk/trading-state.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Archive } from "../ports/archive.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { extendHistory } from "./extend-history.ts";
import { faultKindOf } from "./fault-kind.ts";
import { lookUp, observeBroker } from "./observe-broker.ts";
import { createRebuildCell } from "./rebuild-cell.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { backOff, CELL_TRIES_MAX, type CellWriterDeps, updateCell } from "./update-cell.ts";

/** What a run came to. */
export type ReconcileReport = {
  /** Ledger and broker agree in everything that was compared. */
  readonly isClean: boolean;
  /** Claims that ended in this run. */
  readonly settled: number;
  /** Claims whose fate is still not known. */
  readonly unknownLeft: number;
  /** Entries whose cancellation was asked for. */
  readonly cancelled: number;
  /** One sentence for each difference, or the fault that kept the run from comparing. */
  readonly differences: readonly string[];
};

/** Compares the ledger with the broker and settles what is in flight. */
export type ReconcileOrders = (request?: {
  /** Takes over positions that nobody can explain, because this principal said so. */
  readonly adoptedBy?: string | undefined;
}) => Promise<ReconcileReport>;

/** What reconciling needs. */
export type ReconcileOrdersDeps = CellWriterDeps & {
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  /** Takes what is damaged before it is replaced. */
  readonly archive: Pick<Archive, "write">;
  readonly clock: Clock;
  readonly settings: Settings;
};

/** How many settled orders are looked up again to explain a position. */
const LATE_LOOKUPS_MAX = 20;

/**
 * Reads the broker, brings the ledger to it in one conditional write of the cell, writes what was
 * learned into the orders' histories, cancels entries that may not work any longer and orders of
 * ours that no claim stands for, and answers each difference by its class. Histories are written
 * before the cell, so that a run that dies in between is simply repeated. A read that fails is
 * never taken for "nothing there": the run ends, not clean, and changes nothing.
 */
export const createReconcileOrders =
  (deps: ReconcileOrdersDeps): ReconcileOrders =>
  async (request = {}) => {
    const startedAtMs = deps.clock.monotonicMs();
    const cell = await loadOrRebuild(deps, request.adoptedBy !== undefined);
    if (typeof cell === "string") return notCompared(cell);
    if (cell.activeRegion !== deps.settings.region) {
      return notCompared(`${cell.activeRegion} reconciles this account.`);
    }
    const seen = await observeBroker(deps, cell);
    const report = seen.ok
      ? await apply(deps, cell, seen.value, request.adoptedBy)
      : notCompared(`The broker could not be read: ${seen.error.detail}`);
    await tolerateLoss(
      deps.telemetry.recordEvidence({
        component: "reconcile-orders",
        atMs: deps.clock.nowMs(),
        succeeded: report.isClean,
        detail: report.isClean ? "Ledger and broker agree." : report.differences.join(" "),
        latencyMs: deps.clock.monotonicMs() - startedAtMs,
        dataAgeMs: null,
        fault: seen.ok ? null : faultKindOf(seen.error),
      }),
    );
    return report;
  };

/** The cell, rebuilt first where it is damaged or missing; else why there is none, in a sentence. */
const loadOrRebuild = async (
  deps: ReconcileOrdersDeps,
  isForced: boolean,
): Promise<ControlCell | string> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  if (loaded.ok && loaded.value !== undefined) return loaded.value;
  if (!loaded.ok && loaded.error.type === "LedgerUnavailable") {
    throw new RetryableError(`The cell was not read: ${loaded.error.detail}`);
  }
  const rebuilding = await createRebuildCell(deps)({ isForced });
  if (rebuilding.type === "rebuilt") return rebuilding.cell;
  if (rebuilding.type === "failed") {
    for (const component of ["reconcile-orders", "ledger"]) {
      await tolerateLoss(
        deps.telemetry.recordEvidence({
          component,
          atMs: deps.clock.nowMs(),
          succeeded: false,
          detail: rebuilding.sentence,
          latencyMs: null,
          dataAgeMs: null,
          fault: null,
        }),
      );
    }
  }
  return rebuilding.sentence;
};

const notCompared = (sentence: string): ReconcileReport => ({
  isClean: false,
  settled: 0,
  unknownLeft: 0,
  cancelled: 0,
  differences: [sentence],
});

const apply = async (
  deps: ReconcileOrdersDeps,
  loaded: ControlCell,
  seen: BrokerObservation,
  adoptedBy: string | undefined,
): Promise<ReconcileReport> => {
  let before = loaded;
  for (let tries = 1; tries <= CELL_TRIES_MAX; tries++) {
    const { result, late } = await decide(deps, before, seen, adoptedBy);
    await recordHistories(deps, result, late, seen.atMs);
    const next = { ...result.cell, version: before.version + 1 };
    const expected = { version: before.version, epoch: before.epoch };
    const saved = await deps.ledger.saveCell(next, expected);
    if (saved.ok) return finish(deps, before, next, result, seen);
    if (saved.error.type !== "CellConflict" || saved.error.current === undefined) {
      throw new RetryableError("The reconciled cell was not stored.");
    }
    before = saved.error.current;
    await backOff(deps, tries);
  }
  throw new RetryableError(`The cell was written by others ${CELL_TRIES_MAX} times in a row.`);
};

/** Decides; a position that nothing explains is first looked for among orders that were settled. */
const decide = async (
  deps: ReconcileOrdersDeps,
  before: ControlCell,
  seen: BrokerObservation,
  adoptedBy: string | undefined,
): Promise<{ readonly result: ReconciledAccount; readonly late: readonly LateFill[] }> => {
  const options = { adopt: adoptedBy !== undefined };
  const result = reconcileAccount(before, seen, { adopt: false });
  const isExplained = !result.differences.some(({ type }) => type === "externalPosition");
  if (isExplained) return { result, late: [] };
  const late = await findLateFills(deps, before, seen);
  const moved = late.reduce((cell, one) => applyLateFill(cell, one, seen.atMs), before);
  return { result: reconcileAccount(moved, seen, options), late };
};

/** Orders of this session that are over for us, and of which the broker knows more. */
const findLateFills = async (
  deps: ReconcileOrdersDeps,
  cell: ControlCell,
  seen: BrokerObservation,
): Promise<readonly LateFill[]> => {
  const sessionDate = seen.sessionDate ?? epochMsToNewYork(seen.atMs).date;
  const listed = await deps.ledger.listOrders(cell.account, sessionDate, 200);
  if (!listed.ok) throw new RetryableError(`Orders were not listed: ${listed.error.detail}`);
  const settled = listed.value
    .filter((order) => order.state.name !== "new" && order.state.name !== "denied")
    .filter((order) => cell.inFlight[order.intent.clientOrderId] === undefined)
    .slice(0, LATE_LOOKUPS_MAX);
  const late: LateFill[] = [];
  for (const order of settled) {
    const report = await lookUp(deps.broker, order.intent.clientOrderId);
    if (report === "notFound" || report === "unreadable") continue;
    if (isLateFill({ order, report })) late.push({ order, report });
  }
  return late;
};

const recordHistories = async (
  deps: ReconcileOrdersDeps,
  result: ReconciledAccount,
  late: readonly LateFill[],
  atMs: number,
): Promise<void> => {
  for (const { claim, report } of result.reported) {
    await extendHistory(deps, claim.clientOrderId, (order) =>
      eventsOfReport(order, claim, report, atMs),
    );
  }
  for (const claim of result.absent) {
    await extendHistory(deps, claim.clientOrderId, (order) => eventsOfAbsence(order, claim, atMs));
  }
  for (const { order, report } of late) {
    await extendHistory(deps, order.intent.clientOrderId, (stored) =>
      eventsOfReport(stored, undefined, report, atMs),
    );
  }
};

const finish = async (
  deps: ReconcileOrdersDeps,
  before: ControlCell,
  after: ControlCell,
  result: ReconciledAccount,
  seen: BrokerObservation,
): Promise<ReconcileReport> => {
  // Only now: the write has proven that no claim was made since the cell was read.
  for (const orphan of result.orphans) await cancelOrphan(deps, orphan, seen.atMs);
  for (const cancellation of result.cancellations) {
    await cancelEntry(deps, cancellation, seen.atMs);
  }
  await alertStates(deps, before, after, result.differences, seen.atMs);
  await suspendIfDue(deps, after);
  if (seen.sessionDate !== undefined) {
    const point = { atMs: seen.atMs, equity: seen.account.equity };
    await tolerateLoss(deps.telemetry.recordEquity(seen.sessionDate, point));
  }
  const left = Object.values(after.inFlight);
  return {
    isClean: after.reconciliation.state === "clean",
    settled: Object.keys(before.inFlight).filter((id) => after.inFlight[id] === undefined).length,
    unknownLeft: left.filter((claim) => claim.stage === "unknown").length,
    cancelled: result.cancellations.length,
    differences: result.differences.map((difference) => difference.detail),
  };
};

/** An order of ours that no claim stands for can only add risk that nobody counted: cancel it. */
const cancelOrphan = async (
  deps: ReconcileOrdersDeps,
  orphan: Orphan,
  atMs: number,
): Promise<void> => {
  const { clientOrderId, brokerOrderId } = orphan;
  // A refusal means that it is over already; a fault is met again by the next run.
  await deps.broker.cancelOrder(brokerOrderId);
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

const cancelEntry = async (
  deps: ReconcileOrdersDeps,
  { clientOrderId, brokerOrderId, reason }: Cancellation,
  atMs: number,
): Promise<void> => {
  await extendHistory(deps, clientOrderId, () => [{ type: "cancelRequested", atMs, reason }]);
  await deps.broker.cancelOrder(brokerOrderId);
};

/** Tells of what a person has to know: each class of difference, and a state that got tighter. */
const alertStates = async (
  deps: ReconcileOrdersDeps,
  before: ControlCell,
  after: ControlCell,
  differences: readonly Difference[],
  atMs: number,
): Promise<void> => {
  for (const difference of differences) {
    const response = responseTo(difference.type);
    if (response === "blocksEntries") continue;
    await raise(deps, atMs, {
      key: `ledger-broker-differ-${after.account}-${difference.type}`,
      severity: response === "adopted" ? "warning" : "critical",
      summary: `Ledger and broker differ (${response}). ${difference.detail}`,
    });
  }
  if (before.tradingState.mode === after.tradingState.mode) return;
  await raise(deps, atMs, {
    key: `trading-${after.tradingState.mode}-${after.account}`,
    severity: "critical",
    summary: `Trading is ${after.tradingState.mode}: ${after.tradingState.reason}`,
  });
};

/** Asks the broker to refuse orders where that was wished for; a fault is met by the next run. */
const suspendIfDue = async (deps: ReconcileOrdersDeps, cell: ControlCell): Promise<void> => {
  if (!isSuspensionDue(cell)) return;
  const suspended = await deps.broker.suspendTrading();
  if (suspended.ok) await updateCell(deps, cell, noteSuspension);
};

const raise = (
  deps: ReconcileOrdersDeps,
  atMs: number,
  alert: Pick<Alert, "key" | "severity" | "summary">,
): Promise<void> =>
  deps.alerts.publish({
    ...alert,
    action: "trigger",
    component: "reconcile-orders",
    mode: deps.settings.mode,
    atMs,
    runbook: "ledger-broker-differ",
  });
