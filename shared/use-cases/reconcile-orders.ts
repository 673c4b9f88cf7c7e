import { RetryableError } from "../domain/fault.ts";
import { marketPhase } from "../domain/market/calendar.ts";
import { eventsOfAbsence, eventsOfReport } from "../domain/orders/broker-report.ts";
import type { Order } from "../domain/orders/order.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import {
  type BrokerObservation,
  type Difference,
  type Lookup,
  type Orphan,
  type ReconciledAccount,
  reconcileAccount,
} from "../domain/orders/reconcile-account.ts";
import { changeTradingState } from "../domain/risk/change-cell.ts";
import type { Claim, ControlCell } from "../domain/risk/control-cell.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";
import { err, ok, type Result } from "../domain/result.ts";

/** What a run came to. */
export type ReconcileReport = {
  /** Ledger and broker agree in everything that was compared. */
  readonly isClean: boolean;
  /** Claims that ended in this run. */
  readonly settled: number;
  /** Claims whose fate is still not known. */
  readonly unknownLeft: number;
  /** One sentence for each difference, or the fault that kept the run from comparing. */
  readonly differences: readonly string[];
};

/** Compares the ledger with the broker and settles what is in flight. */
export type ReconcileOrders = () => Promise<ReconcileReport>;

/** What reconciling needs. */
export type ReconcileOrdersDeps = {
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
};

const SAVE_TRIES_MAX = 8;

/**
 * Reads the broker, brings the ledger to it in one conditional write of the cell, writes what was
 * learned into the orders' histories, and cancels orders of ours that no claim stands for.
 * Histories are written before the cell, so that a run that dies in between is simply repeated.
 * A read that fails is never taken for "nothing there": the run ends, not clean, and changes
 * nothing.
 */
export const createReconcileOrders =
  (deps: ReconcileOrdersDeps): ReconcileOrders =>
  async () => {
    const startedAtMs = deps.clock.monotonicMs();
    const loaded = await deps.ledger.loadCell(deps.settings.account);
    if (!loaded.ok) throw new RetryableError(`The cell was not read: ${loaded.error.detail}`);
    if (loaded.value === undefined) return notCompared("The account was never opened.");
    const cell = loaded.value;
    if (cell.activeRegion !== deps.settings.region) {
      return notCompared(`${cell.activeRegion} reconciles this account.`);
    }
    const seen = await observe(deps, cell);
    const report = seen.ok
      ? await apply(deps, cell, seen.value)
      : notCompared(`The broker could not be read: ${seen.error.detail}`);
    await deps.telemetry.recordEvidence({
      component: "reconcile-orders",
      atMs: deps.clock.nowMs(),
      succeeded: report.isClean,
      detail: report.isClean ? "Ledger and broker agree." : report.differences.join(" "),
      latencyMs: deps.clock.monotonicMs() - startedAtMs,
      dataAgeMs: null,
      fault: seen.ok ? null : faultKind(seen.error),
    });
    return report;
  };

const notCompared = (sentence: string): ReconcileReport => ({
  isClean: false,
  settled: 0,
  unknownLeft: 0,
  differences: [sentence],
});

const faultKind = (fault: VendorFault): "configuration" | "schema" | null => {
  switch (fault.class) {
    case "AUTH_ERROR":
      return "configuration";
    case "SCHEMA_ERROR":
      return "schema";
    case "RATE_LIMIT":
    case "NETWORK":
    case "UNKNOWN":
      return null;
  }
};

/** Open orders first, then every claim that is not among them, then positions and account. */
const observe = async (
  deps: ReconcileOrdersDeps,
  cell: ControlCell,
): Promise<Result<BrokerObservation, VendorFault>> => {
  const openOrders = await deps.broker.listOpenOrders();
  if (!openOrders.ok) return err(openOrders.error);
  const openById = new Map(openOrders.value.map((order) => [order.clientOrderId, order]));
  const lookups = new Map<string, Lookup>();
  for (const claim of Object.values(cell.inFlight)) {
    const open = openById.get(claim.clientOrderId);
    lookups.set(claim.clientOrderId, open ?? (await lookUp(deps.broker, claim)));
  }
  const positions = await deps.broker.listPositions();
  if (!positions.ok) return err(positions.error);
  const account = await deps.broker.readAccount();
  if (!account.ok) return err(account.error);
  const atMs = deps.clock.nowMs();
  const moment = marketPhase(atMs);
  return ok({
    openOrders: openOrders.value,
    lookups,
    positions: positions.value,
    account: account.value,
    sessionDate: moment.phase === "open" ? moment.session?.date : undefined,
    atMs,
  });
};

const lookUp = async (broker: Broker, claim: Claim): Promise<Lookup> => {
  const found = await broker.findOrder(claim.clientOrderId);
  if (!found.ok) return "unreadable";
  return found.value.type === "found" ? found.value.order : "notFound";
};

const apply = async (
  deps: ReconcileOrdersDeps,
  loaded: ControlCell,
  seen: BrokerObservation,
): Promise<ReconcileReport> => {
  let before = loaded;
  for (let tries = 0; tries < SAVE_TRIES_MAX; tries++) {
    const result = reconcileAccount(before, seen);
    await recordHistories(deps, result, seen.atMs);
    const next = withStateOf(before, result, deps.clock.nowMs());
    const expected = { version: before.version, epoch: before.epoch };
    const saved = await deps.ledger.saveCell(next, expected);
    if (saved.ok) return finish(deps, before, next, result, seen);
    if (saved.error.type !== "CellConflict" || saved.error.current === undefined) {
      throw new RetryableError("The reconciled cell was not stored.");
    }
    before = saved.error.current;
  }
  throw new RetryableError(`The cell was written by others ${SAVE_TRIES_MAX} times in a row.`);
};

/** The version rises by one; an unexplained position leaves exits only, until people resume. */
const withStateOf = (before: ControlCell, result: ReconciledAccount, atMs: number): ControlCell => {
  const grave = result.differences.find(isGrave);
  const cell =
    grave === undefined || before.tradingState.mode !== "active"
      ? result.cell
      : changeTradingState(result.cell, {
          mode: "reducing",
          reason: grave.detail,
          by: "reconcile-orders",
          atMs,
        });
  return { ...cell, version: before.version + 1 };
};

/** Differences that do not pass by themselves, and that a person has to understand. */
const isGrave = (difference: Difference): boolean =>
  difference.type === "position" || difference.type === "lostOrder";

const recordHistories = async (
  deps: ReconcileOrdersDeps,
  result: ReconciledAccount,
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
};

/** Appends what `eventsOf` makes of the order as it is stored now; a race is left to the next run. */
const extendHistory = async (
  deps: ReconcileOrdersDeps,
  clientOrderId: Claim["clientOrderId"],
  eventsOf: (order: Order) => readonly OrderEvent[],
): Promise<void> => {
  const loaded = await deps.ledger.loadOrder(clientOrderId);
  if (!loaded.ok) throw new RetryableError(`The order was not read: ${loaded.error.detail}`);
  const order = loaded.value;
  if (order === undefined) throw new RetryableError(`${clientOrderId} has a claim, no history.`);
  const events = eventsOf(order);
  if (events.length === 0) return;
  const stored = await deps.ledger.appendEvents(clientOrderId, order.eventCount, events);
  if (!stored.ok) throw new RetryableError("The order's history was not written.");
  const isFilled = events.some((event) => event.type === "fillObserved");
  if (isFilled && order.filled === 0) {
    const counts = { passed: { filled: 1 }, stopped: {} };
    await deps.telemetry.addToFunnel(order.intent.sessionDate, counts);
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
  const grave = result.differences.find(isGrave);
  if (grave !== undefined) await page(deps, before, grave, seen.atMs);
  if (seen.sessionDate !== undefined) {
    const point = { atMs: seen.atMs, equity: seen.account.equity };
    await deps.telemetry.recordEquity(seen.sessionDate, point);
  }
  const left = Object.values(after.inFlight);
  return {
    isClean: result.differences.length === 0,
    settled: Object.keys(before.inFlight).length - left.length,
    unknownLeft: left.filter((claim) => claim.stage === "unknown").length,
    differences: result.differences.map((difference) => difference.detail),
  };
};

/** An order of ours that no claim stands for can only add risk that nobody counted: cancel it. */
const cancelOrphan = async (
  deps: ReconcileOrdersDeps,
  orphan: Orphan,
  atMs: number,
): Promise<void> => {
  const loaded = await deps.ledger.loadOrder(orphan.clientOrderId);
  if (loaded.ok && loaded.value !== undefined && loaded.value.state.name !== "orphaned") {
    const event = { type: "orphaned", atMs, brokerOrderId: orphan.brokerOrderId } as const;
    await deps.ledger.appendEvents(orphan.clientOrderId, loaded.value.eventCount, [event]);
  }
  // A refusal means that it is over already; a fault is met again by the next run.
  await deps.broker.cancelOrder(orphan.brokerOrderId);
  await deps.alerts.publish({
    key: `orphan-order-${orphan.clientOrderId}`,
    action: "trigger",
    severity: "critical",
    summary: `${orphan.clientOrderId} was live without a claim; its cancellation was asked for.`,
    component: "reconcile-orders",
    mode: deps.settings.mode,
    atMs,
    runbook: "ledger-broker-differ",
  });
};

const page = (
  deps: ReconcileOrdersDeps,
  cell: ControlCell,
  difference: Difference,
  atMs: number,
): Promise<void> =>
  deps.alerts.publish({
    key: `ledger-broker-differ-${cell.account}`,
    action: "trigger",
    severity: "critical",
    summary: `Ledger and broker differ; entries are off. ${difference.detail}`,
    component: "reconcile-orders",
    mode: deps.settings.mode,
    atMs,
    runbook: "ledger-broker-differ",
  });
