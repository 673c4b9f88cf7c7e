import { EpochConflict, RetryableError } from "../domain/fault.ts";
import {
  eventsOfAbsence,
  eventsOfExecutions,
  eventsOfForgotten,
  eventsOfReport,
} from "../domain/orders/broker-report.ts";
import type { Execution } from "../domain/orders/broker-state.ts";
import type { BrokerObservation } from "../domain/reconciliation/broker-observation.ts";
import type { Difference } from "../domain/reconciliation/difference.ts";
import { type Breaches, breachesOf } from "../domain/reconciliation/breaches.ts";
import { isStillSeen } from "../domain/reconciliation/is-still-seen.ts";
import type { ReconciledAccount } from "../domain/reconciliation/reconcile-account.ts";
import { markUnverified } from "../domain/risk/change-cell.ts";
import { type Claim, claimsIn, type ControlCell } from "../domain/risk/control-cell.ts";
import { ok, type Result } from "../domain/result.ts";
import { closedBy } from "../domain/risk/progress-claim.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Archive } from "../ports/archive.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";
import { actOnReconciled } from "./act-on-reconciled.ts";
import { actUnread } from "./act-unread.ts";
import { brokerOf } from "./broker-of.ts";
import { decideReconciled } from "./decide-reconciled.ts";
import { extendHistory } from "./extend-history.ts";
import { faultKindOf } from "./fault-kind.ts";
import { observeBroker } from "./observe-broker.ts";
import { createRebuildCell } from "./rebuild-cell.ts";
import { takeUpRestored, type TakenUp } from "./take-up-restored.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { backOff, CELL_TRIES_MAX, type CellWriterDeps } from "./update-cell.ts";

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
  /** What must never happen and did, with how often. */
  readonly breaches: Breaches;
  /** One sentence for each difference, or the fault that kept the run from comparing. */
  readonly differences: readonly string[];
};

/** Compares the ledger with the broker and settles what is in flight. */
export type ReconcileOrders = (request?: {
  /**
   * Takes over positions that nobody can explain, and gives up orders that the broker had and
   * denies, because this principal said so.
   */
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
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
};

/** After so many readings one may miss newer claims: orders that come in a row never stop a run. */
const READINGS_MAX = 2;
/** How far the broker's clock may be behind ours when it stamps a trade. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * Reads the broker, brings the ledger to it in one conditional write of the cell, writes what was
 * learned into the orders' histories, cancels entries that may not work any longer and orders of
 * ours that no claim stands for, and answers each difference by its class. Histories are written
 * before the cell, so that a run that dies in between is simply repeated. A read that fails is
 * never taken for "nothing there": the run ends, not clean, and books nothing. Entries that may not
 * work are cancelled even then, and a fault that only people can cure stops new ones.
 */
export const createReconcileOrders = (given: ReconcileOrdersDeps): ReconcileOrders => {
  const { mode } = given.settings;
  const deps = { ...given, broker: brokerOf(mode, given.broker) };
  return async (request = {}) => {
    const startedAtMs = deps.clock.monotonicMs();
    const cell = await loadOrRebuild(deps, request.adoptedBy !== undefined);
    if (typeof cell === "string") return notCompared(cell);
    if (cell.activeRegion !== deps.settings.region) {
      return notCompared(`${cell.activeRegion} reconciles this account.`);
    }
    // In shadow the account belongs to others: whatever they hold is what is held.
    const adoptedBy = mode === "shadow" ? "shadow" : request.adoptedBy;
    const taken = await takeUpRestored(deps, cell);
    const compared = taken.ok ? await compare(deps, taken.value, adoptedBy) : taken;
    const report = compared.ok ? compared.value : await withoutView(deps, cell, compared.error);
    await tolerateLoss(
      deps.telemetry.recordEvidence({
        component: "reconcile-orders",
        atMs: deps.clock.nowMs(),
        succeeded: report.isClean,
        detail: report.isClean ? "Ledger and broker agree." : report.differences.join(" "),
        latencyMs: deps.clock.monotonicMs() - startedAtMs,
        dataAgeMs: null,
        fault: compared.ok ? null : faultKindOf(compared.error),
      }),
    );
    return report;
  };
};

/**
 * The cell, rebuilt first where it is damaged or missing; else why there is none, in a sentence.
 */
const loadOrRebuild = async (
  deps: ReconcileOrdersDeps,
  isForced: boolean,
): Promise<ControlCell | string> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  if (loaded.ok && loaded.value !== undefined) return loaded.value;
  if (!loaded.ok && loaded.error.type === "LedgerUnavailable") {
    const detail = `The cell was not read: ${loaded.error.detail}`;
    await tellOfLedger(deps, detail);
    throw new RetryableError(detail);
  }
  const rebuilding = await createRebuildCell(deps)({ isForced });
  if (rebuilding.type === "rebuilt") return rebuilding.cell;
  if (rebuilding.type === "failed") await tellOfLedger(deps, rebuilding.sentence);
  return rebuilding.sentence;
};

/** Whoever meets a ledger that fails says so: the next cycle may be most of a minute away. */
const tellOfLedger = async (
  { telemetry, clock }: Pick<ReconcileOrdersDeps, "telemetry" | "clock">,
  detail: string,
): Promise<void> => {
  for (const component of ["reconcile-orders", "ledger"]) {
    await tolerateLoss(
      telemetry.recordEvidence({
        component,
        atMs: clock.nowMs(),
        succeeded: false,
        detail,
        latencyMs: null,
        dataAgeMs: null,
        fault: null,
      }),
    );
  }
};

/** The broker could not be read whole: only what must not wait for that is done. */
const withoutView = async (
  deps: ReconcileOrdersDeps,
  cell: ControlCell,
  fault: VendorFault,
): Promise<ReconcileReport> => {
  const cancelled = await actUnread(deps, cell, fault);
  const detail = `The broker could not be read: ${fault.detail}`;
  return {
    ...notCompared(detail, cancelled),
    breaches: breachesOf([], cell, deps.clock.nowMs()),
  };
};

const notCompared = (sentence: string, cancelled = 0): ReconcileReport => ({
  isClean: false,
  settled: 0,
  unknownLeft: 0,
  cancelled,
  breaches: {},
  differences: [sentence],
});

/**
 * Compares until the result is stored over the very cell that it was made from. What was read of
 * the broker is read again where others settled something meanwhile: an older view never undoes
 * what a newer one has booked. A Region that was taken over meanwhile writes nothing any more.
 */
const compare = async (
  deps: ReconcileOrdersDeps,
  { cell: loaded, isComplete }: TakenUp,
  adoptedBy: string | undefined,
): Promise<Result<ReconcileReport, VendorFault>> => {
  let before = loaded;
  let seen = await observeBroker(deps, before);
  for (let tries = 1; tries <= CELL_TRIES_MAX; tries++) {
    if (!seen.ok) return seen;
    const step = await decideReconciled(deps, before, seen.value, adoptedBy);
    const unreadable =
      step.type === "settle" ? await recordHistories(deps, step.result, seen.value.atMs) : [];
    const settled = step.type === "settle" ? step.result.cell : step.cell;
    const seenWhole = unreadable.length === 0 ? settled : markUnverified(settled);
    // More lost orders wait for the next run: nothing is clean before the last of them is back.
    const { reconciliation } = before;
    const changed = isComplete ? seenWhole : { ...seenWhole, reconciliation };
    const next = { ...changed, version: before.version + 1 };
    const expected = { version: before.version, epoch: before.epoch };
    const saved = await deps.ledger.saveCell(next, expected);
    if (saved.ok) {
      if (step.type === "settle") {
        const differences = [...step.result.differences, ...unreadable];
        return ok(await finish(deps, before, next, { ...step.result, differences }, seen.value));
      }
      [before, seen] = [next, ok(step.seen)];
      continue;
    }
    if (saved.error.type !== "CellConflict" || saved.error.current === undefined) {
      const detail = "The reconciled cell was not stored.";
      await tellOfLedger(deps, detail);
      throw new RetryableError(detail);
    }
    const { current } = saved.error;
    if (current.epoch !== loaded.epoch) {
      throw new EpochConflict(`The account was taken over by ${current.activeRegion}.`);
    }
    await backOff(deps, tries);
    const isEnough = tries > READINGS_MAX && isStillSeen(before, current);
    if (!isEnough) seen = await observeBroker(deps, current);
    before = current;
  }
  throw new RetryableError(`The cell was written by others ${CELL_TRIES_MAX} times in a row.`);
};

/**
 * Writes what was learned; one history that cannot be read holds up no other order. A claim that a
 * report left as it stood was brought there by a run that had written its history first.
 */
const recordHistories = async (
  deps: ReconcileOrdersDeps,
  result: ReconciledAccount,
  atMs: number,
): Promise<readonly Difference[]> => {
  const executions = await readExecutions(deps, result);
  const unreadable: Difference[] = [];
  const extend = async (
    { clientOrderId }: Claim,
    eventsOf: Parameters<typeof extendHistory>[2],
  ): Promise<void> => {
    if ((await extendHistory(deps, clientOrderId, eventsOf)) === "written") return;
    const detail = `The history of ${clientOrderId} is damaged or missing.`;
    unreadable.push({ type: "historyUnreadable", detail });
  };
  for (const { claim, report, isNews } of result.reported) {
    if (!isNews) continue;
    await extend(claim, (order) => [
      ...eventsOfReport(order, claim, report, atMs),
      ...eventsOfExecutions(order, report, executions, atMs),
    ]);
  }
  for (const claim of result.absent) {
    await extend(claim, (order) => eventsOfAbsence(order, claim, atMs));
  }
  for (const claim of result.forgotten) {
    await extend(claim, (order) => eventsOfForgotten(order, atMs));
  }
  return unreadable;
};

/**
 * The trades behind what filled since the last run, asked for only if something did. How much is
 * held rests on cumulative quantities alone; a list that cannot be read costs only the detail.
 */
const readExecutions = async (
  deps: ReconcileOrdersDeps,
  result: ReconciledAccount,
): Promise<readonly Execution[]> => {
  const moved = result.reported.filter(
    ({ claim, report }) =>
      report.filled > claim.filled || closedBy(report.legs).quantity > claim.closed,
  );
  if (moved.length === 0) return [];
  const sinceMs = Math.min(...moved.map(({ claim }) => claim.claimedAtMs)) - CLOCK_MARGIN_MS;
  const listed = await deps.broker.listExecutions(sinceMs);
  return listed.ok ? listed.value : [];
};

/**
 * An order whose fate was unknown speaks against execute-orders; that all of them are known now
 * speaks for it, though no other order may come for hours.
 */
const proveSettled = async (
  deps: ReconcileOrdersDeps,
  before: ControlCell,
  after: ControlCell,
): Promise<void> => {
  const unknown = unknownIn(before);
  const left = unknownIn(after);
  if (unknown.length === 0 || left.length > 0) return;
  await tolerateLoss(
    deps.telemetry.recordEvidence({
      component: "execute-orders",
      atMs: deps.clock.nowMs(),
      succeeded: true,
      detail: `${unknown.length} unknown orders were settled.`,
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    }),
  );
};

const unknownIn = (cell: ControlCell): readonly Claim[] =>
  claimsIn(cell).filter(({ stage }) => stage === "unknown");

const settledSince = (before: ControlCell, after: ControlCell): number =>
  before.inFlight === after.inFlight
    ? 0
    : claimsIn(before).filter(({ clientOrderId }) => after.inFlight[clientOrderId] === undefined)
        .length;

const finish = async (
  deps: ReconcileOrdersDeps,
  before: ControlCell,
  after: ControlCell,
  result: ReconciledAccount,
  seen: BrokerObservation,
): Promise<ReconcileReport> => {
  await actOnReconciled(deps, { before, after, result, atMs: seen.atMs });
  await proveSettled(deps, before, after);
  if (seen.sessionDate !== undefined) {
    const point = { atMs: seen.atMs, equity: seen.account.equity };
    await tolerateLoss(deps.telemetry.recordEquity(seen.sessionDate, point));
  }
  return {
    isClean: after.reconciliation.state === "clean",
    settled: settledSince(before, after),
    unknownLeft: unknownIn(after).length,
    cancelled: result.cancellations.length,
    // In shadow the account belongs to others: what they do breaks no rule of ours.
    breaches:
      deps.settings.mode === "shadow" ? {} : breachesOf(result.differences, after, seen.atMs),
    differences: result.differences.map((difference) => difference.detail),
  };
};
