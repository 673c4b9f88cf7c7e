import { RetryableError } from "../domain/fault.ts";
import type { FailoverWish } from "../domain/failover/failover-wish.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { isTakenOver } from "../domain/risk/trading-state.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import { neverOpened } from "./change-trading-state.ts";
import { createFinishTakeover } from "./finish-takeover.ts";
import type { ReconcileOrdersDeps } from "./reconcile-orders.ts";
import { createTakeOver } from "./take-over.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** What a failover starts from, for the one who decides. */
export type FailoverPlan = {
  readonly account: string;
  readonly from: string;
  readonly to: string;
  /** The epoch that ends. */
  readonly epoch: number;
  readonly tradingMode: ControlCell["tradingState"]["mode"];
  /** Orders that are not settled, and those of which nobody knows whether they arrived. */
  readonly inFlight: number;
  readonly unknown: number;
};

/**
 * What one step came to. `ready`: nothing stands against it. `fenced`: the account is this
 * Region's. `waiting`, `active`, `stopped`: as a takeover stands. `refused`: nothing was changed.
 */
export type FailoverStep = {
  readonly state: "ready" | "refused" | "settled" | "fenced" | "waiting" | "active" | "stopped";
  readonly epoch: number;
  /** One sentence. */
  readonly detail: string;
};

/** The steps of a failover; each may be repeated, and each looks at the ledger anew. */
export type FailOver = {
  /** What would happen; refused where nothing may, with the reason in one sentence. */
  readonly plan: (wish: FailoverWish) => Promise<Result<FailoverPlan, ControlRefusal>>;
  /** The same as a step: what was fenced before goes on from there. */
  readonly assess: (wish: FailoverWish) => Promise<FailoverStep>;
  /** Waits for 45 s at most until nothing is unknown in the Region that still trades. */
  readonly settle: (epoch: number) => Promise<FailoverStep>;
  /** The one conditional write; exits only from here on. */
  readonly fence: (wish: FailoverWish, epoch: number) => Promise<FailoverStep>;
  /** Reconciles, and makes the account active again if it was and is clean. */
  readonly reconcile: () => Promise<FailoverStep>;
  /** Tells people how it ended. */
  readonly announce: (outcome: FailoverStep, wish: FailoverWish) => Promise<FailoverStep>;
};

const SETTLE_MAX_MS = 45_000;
const LOOK_EVERY_MS = 5_000;
const SUMMARY_MAX = 1_024;

/**
 * Makes the steps of a failover. Each throws `RetryableError` while ledger or broker do not answer;
 * a person who halts in between is not overruled by any of them.
 */
export const createFailOver = (deps: ReconcileOrdersDeps): FailOver => {
  const takeOver = createTakeOver(deps);
  const finishTakeover = createFinishTakeover(deps);
  const plan: FailOver["plan"] = async (wish) => {
    const cell = await readCell(deps);
    if (!cell.ok) return cell;
    const obstacle = obstacleOf(cell.value, wish, deps.settings.region);
    if (obstacle !== undefined) return err({ type: "Refused", detail: obstacle });
    const reached = await deps.broker.readAccount();
    if (reached.ok) return ok(planOf(cell.value, wish));
    const detail = `The broker cannot be reached from ${wish.to}: ${reached.error.detail}`;
    return err({ type: "Unavailable", detail });
  };
  return {
    plan,
    assess: async (wish) => {
      const cell = orRetry(await readCell(deps));
      const { epoch, activeRegion } = cell;
      if (activeRegion === wish.to && isTakenOver(cell)) {
        return { state: "fenced", epoch, detail: `${activeRegion} has taken over already.` };
      }
      const planned = await plan(wish);
      return planned.ok
        ? { state: "ready", epoch, detail: `${activeRegion} holds epoch ${epoch}.` }
        : { state: "refused", epoch, detail: planned.error.detail };
    },
    settle: (epoch) => settle(deps, epoch),
    fence: async (wish, epoch) => {
      const { reason, by } = wish;
      const taken = await takeOver({ reason, by, epoch });
      if (taken.ok) {
        const detail = `${taken.value.activeRegion} holds epoch ${taken.value.epoch}; exits only.`;
        return { state: "fenced", epoch: taken.value.epoch, detail };
      }
      const { type, detail } = taken.error;
      if (type === "Unavailable") throw new RetryableError(detail);
      return { state: "refused", epoch, detail };
    },
    reconcile: async () => {
      const { state, detail } = await finishTakeover();
      const { epoch } = orRetry(await readCell(deps));
      return { state, epoch, detail };
    },
    announce: (outcome, wish) => announce(deps, outcome, wish),
  };
};

const readCell = async ({
  ledger,
  settings,
}: ReconcileOrdersDeps): Promise<Result<ControlCell, ControlRefusal>> => {
  const loaded = await ledger.loadCell(settings.account);
  if (!loaded.ok) return err({ type: "Unavailable", detail: NO_LEDGER });
  return loaded.value === undefined ? err(neverOpened(settings)) : ok(loaded.value);
};

const NO_LEDGER = "The ledger cannot be read from here, so the account stays where it is.";

const orRetry = (cell: Result<ControlCell, ControlRefusal>): ControlCell => {
  if (cell.ok) return cell.value;
  throw new RetryableError(cell.error.detail);
};

/** What stands against a failover, in one sentence. */
const obstacleOf = (
  cell: ControlCell,
  { to }: FailoverWish,
  region: string,
): string | undefined => {
  const { activeRegion, epoch } = cell;
  if (to === activeRegion && !isTakenOver(cell)) return `${to} is the active Region already.`;
  if (isTakenOver(cell)) {
    return `A takeover by ${activeRegion} (epoch ${epoch}) is under way; it ends by itself, or halt it first.`;
  }
  return to === region
    ? undefined
    : `This is ${region}, which knows no way to act in ${to}: ask the API of the Region that shall take over.`;
};

const planOf = (
  { account, activeRegion, epoch, tradingState, inFlight }: ControlCell,
  { to }: FailoverWish,
): FailoverPlan => ({
  account,
  from: activeRegion,
  to,
  epoch,
  tradingMode: tradingState.mode,
  inFlight: Object.keys(inFlight).length,
  unknown: unknownOf({ inFlight }),
});

const unknownOf = ({ inFlight }: Pick<ControlCell, "inFlight">): number =>
  Object.values(inFlight).filter(({ stage }) => stage === "claimed" || stage === "unknown").length;

/** What cannot settle in time is settled under the new epoch: the fence does not wait for it. */
const settle = async (deps: ReconcileOrdersDeps, epoch: number): Promise<FailoverStep> => {
  const endsAtMs = deps.clock.monotonicMs() + SETTLE_MAX_MS;
  for (let look = 0; look <= SETTLE_MAX_MS / LOOK_EVERY_MS; look++) {
    const cell = orRetry(await readCell(deps));
    const unknown = unknownOf(cell);
    const isOver = deps.clock.monotonicMs() >= endsAtMs;
    if (unknown === 0 || cell.epoch !== epoch || isOver) {
      return { state: "settled", epoch, detail: `${unknown} orders are not settled.` };
    }
    await deps.pause.wait(LOOK_EVERY_MS);
  }
  return { state: "settled", epoch, detail: "Some orders are not settled." };
};

const announce = async (
  { alerts, clock, settings }: ReconcileOrdersDeps,
  outcome: FailoverStep,
  { to, by, reason }: FailoverWish,
): Promise<FailoverStep> => {
  const { epoch, detail, state } = outcome;
  const end = state === "active" ? `${to} trades` : `${to} does not trade`;
  const summary = `The failover that ${by} asked for has ended: ${end}. ${reason} ${detail}`;
  const publish = alerts.publish({
    key: `failover-${settings.account}-${epoch}`,
    action: state === "active" ? "resolve" : "trigger",
    severity: state === "active" ? "info" : "critical",
    summary: summary.slice(0, SUMMARY_MAX),
    component: "fail-over",
    mode: settings.mode,
    atMs: clock.nowMs(),
    runbook: "failover",
  });
  await tolerateLoss(publish);
  return outcome;
};
