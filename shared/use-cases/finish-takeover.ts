import { RetryableError } from "../domain/fault.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { finishTakeover, isTakenOver } from "../domain/risk/trading-state.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { createReconcileOrders, type ReconcileOrdersDeps } from "./reconcile-orders.ts";
import { loadCell, updateOwnCell } from "./update-cell.ts";

/**
 * How a takeover stands. `waiting`: not clean yet, ask again. `active`: entries are allowed again.
 * `stopped`: nothing is to be done here, because a person, a limit or another takeover decided.
 */
export type TakeoverState = {
  readonly state: "waiting" | "active" | "stopped";
  /** One sentence. */
  readonly detail: string;
};

/**
 * Reconciles the account that this Region took over, and makes it active again if it was before and
 * ledger and broker agree. Every step may be repeated; a person who halts in between is not
 * overruled. Throws `RetryableError` when the ledger does not answer.
 */
export const createFinishTakeover = (deps: ReconcileOrdersDeps): (() => Promise<TakeoverState>) => {
  const reconcile = createReconcileOrders(deps);
  // One act is one record: the next round of a run whose write did not hold finds it in the chain.
  let recordedEpoch: number | undefined;
  return async () => {
    const before = await loadCell(deps.ledger, deps.settings.account);
    const settled = settledState(before, deps.settings.region);
    if (settled !== undefined) return settled;
    const { isClean, differences } = await reconcile();
    if (!isClean) return { state: "waiting", detail: differences.join(" ") };
    const loaded = await loadCell(deps.ledger, deps.settings.account);
    if (loaded.epoch !== before.epoch) throw new RetryableError("Another takeover came first.");
    if (recordedEpoch !== loaded.epoch) recordedEpoch = await recordFinish(deps, loaded);
    const cell = await updateOwnCell(deps, loaded, (now) =>
      finishTakeover(now, deps.clock.nowMs()),
    );
    const state = settledState(cell, deps.settings.region);
    if (state === undefined) return { state: "waiting", detail: "It is not clean any more." };
    if (state.state === "active") await resolve(deps, cell);
    return state;
  };
};

/**
 * Entries are allowed only once it stands in the chain that they are. Returns the epoch of which
 * that was recorded; undefined where there was nothing to record.
 */
const recordFinish = async (
  { audit, clock, settings }: ReconcileOrdersDeps,
  cell: ControlCell,
): Promise<number | undefined> => {
  if (audit === undefined || finishTakeover(cell, clock.nowMs()) === cell) return undefined;
  const { activeRegion, epoch } = cell;
  const body = { region: activeRegion };
  const actor = `finish-takeover@${settings.region}`;
  const recorded = await audit.record({ kind: "takeover-finished", actor, epoch, body });
  if (!recorded.ok) throw new RetryableError(recorded.error.detail);
  return epoch;
};

/** What the cell says where nothing of the takeover is left to do. */
const settledState = (cell: ControlCell, region: string): TakeoverState | undefined => {
  const { activeRegion, tradingState } = cell;
  if (activeRegion !== region) {
    return { state: "stopped", detail: `${activeRegion} is the active Region.` };
  }
  if (isTakenOver(cell)) return undefined;
  return tradingState.mode === "active"
    ? { state: "active", detail: tradingState.reason }
    : { state: "stopped", detail: `Trading is ${tradingState.mode}: ${tradingState.reason}` };
};

const resolve = async (
  { alerts, clock, settings }: ReconcileOrdersDeps,
  { account, epoch, activeRegion }: ControlCell,
): Promise<void> => {
  const publish = alerts.publish({
    key: `takeover-${account}-${epoch}`,
    action: "resolve",
    severity: "critical",
    summary: `${activeRegion} trades ${account} under epoch ${epoch}.`,
    component: "keep-lease",
    mode: settings.mode,
    atMs: clock.nowMs(),
    runbook: "failover",
  });
  await tolerateLoss(publish);
};
