import {
  afterLook,
  isLeaseDead,
  type LeasePolicy,
  type LeaseWatch,
  NEW_WATCH,
  renewLease,
} from "../domain/failover/lease.ts";
import { RetryableError } from "../domain/fault.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import { isTakenOver } from "../domain/risk/trading-state.ts";
import type { Leases } from "../ports/leases.ts";
import { createFinishTakeover, type TakeoverState } from "./finish-takeover.ts";
import type { Deadline } from "./prove-state.ts";
import type { ReconcileOrdersDeps } from "./reconcile-orders.ts";
import { createTakeOver, type TakeOver } from "./take-over.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { loadCell } from "./update-cell.ts";

/**
 * What a run came to. `active`: this Region holds the account. `watching`: another one does.
 * `tookOver`: it was dead, and this one holds the account now.
 */
export type LeaseKept = {
  readonly role: "active" | "watching" | "tookOver";
  readonly epoch: number;
  /** How often the lease was renewed in this run. */
  readonly renewals: number;
  /** How often in a row the other Region's lease was seen without a new beat. */
  readonly missed: number;
  /** One sentence. */
  readonly detail: string;
};

/** Keeps or watches the lease for about a minute. Throws `RetryableError` without a ledger. */
export type KeepLease = (deadline: Deadline) => Promise<LeaseKept>;

/** What keeping a lease needs. */
export type KeepLeaseDeps = ReconcileOrdersDeps & {
  readonly leases: Leases;
  readonly policy: LeasePolicy;
  /** Whether a dead Region is replaced without a person. */
  readonly isAutomatic: boolean;
};

/** Rounds of a quiet run: with the default policy they fill the minute until the next one. */
const ROUNDS = 4;
/** Rounds of a run that has seen a beat fail: it stays until it can tell. */
const ROUNDS_MAX = 8;
/** A beat that comes a moment after the look for it is no failure yet. */
const LATE_MAX = 1;
/** A round may take a takeover and a reconciliation; none begins with less time than this left. */
const ROUND_MS = 15_000;

/**
 * In the active Region: renews the lease while ledger and broker can be reached, and ends a
 * takeover that is under way. In the other one: watches, and takes over when enough looks in a row
 * found no new beat. A Region that cannot reach the broker does not renew, since it could not trade
 * either. The watch lives as long as the function's environment; a new one starts its count again.
 */
export const createKeepLease = (deps: KeepLeaseDeps): KeepLease => {
  const takeOver = createTakeOver(deps);
  const finishTakeover = createFinishTakeover(deps);
  let watch = NEW_WATCH;
  return async (deadline) => {
    const startedAtMs = deps.clock.monotonicMs();
    let kept: LeaseKept | undefined;
    let renewals = 0;
    let fault: RetryableError | undefined;
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      try {
        const cell = await loadCell(deps.ledger, deps.settings.account);
        if (cell.activeRegion === deps.settings.region) {
          watch = NEW_WATCH;
          kept = await beActive(deps, cell, finishTakeover, renewals);
          renewals = kept.renewals;
        } else {
          watch = await look(deps, cell, watch);
          kept = await beWatchful(deps, cell, watch, takeOver);
          if (kept.role === "tookOver") kept = await finish(kept, finishTakeover);
        }
      } catch (error) {
        // One answer that is lost must not silence this Region until the next minute.
        if (!(error instanceof RetryableError)) throw error;
        fault = error;
      }
      const isQuiet = watch.unchanged === 0;
      if (kept?.role === "tookOver" || (isQuiet && round >= ROUNDS)) break;
      if (deadline.remainingMs() < deps.policy.beatMs + ROUND_MS) break;
      await deps.pause.wait(deps.policy.beatMs);
    }
    if (kept === undefined && fault !== undefined) throw fault;
    if (kept === undefined) throw new RetryableError("There was no time to keep the lease.");
    await prove(deps, kept, startedAtMs);
    return kept;
  };
};

const beActive = async (
  deps: KeepLeaseDeps,
  cell: ControlCell,
  finishTakeover: () => Promise<TakeoverState>,
  renewals: number,
): Promise<LeaseKept> => {
  const { epoch, activeRegion } = cell;
  const kept = { role: "active", epoch, missed: 0 } as const;
  const clock = await deps.broker.readClock();
  if (!clock.ok) {
    const detail = `Not renewed, the broker cannot be reached: ${clock.error.detail}`;
    return { ...kept, renewals, detail };
  }
  const isRenewed = await renew(deps, cell);
  const done = { ...kept, renewals: renewals + (isRenewed ? 1 : 0) };
  const holding = { ...done, detail: `${activeRegion} holds epoch ${epoch}.` };
  return isTakenOver(cell) ? finish(holding, finishTakeover) : holding;
};

/** What cannot be finished now is tried again in the next round; what was kept stays kept. */
const finish = async (
  kept: LeaseKept,
  finishTakeover: () => Promise<TakeoverState>,
): Promise<LeaseKept> => {
  try {
    return { ...kept, detail: (await finishTakeover()).detail };
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return { ...kept, detail: error.message };
  }
};

const renew = async ({ leases }: KeepLeaseDeps, cell: ControlCell): Promise<boolean> => {
  const lease = await leases.load(cell.account);
  // A run that froze before a takeover does not speak over the Region that came after it.
  if (lease !== undefined && lease.epoch > cell.epoch) return false;
  const { account, activeRegion: region, epoch } = cell;
  return leases.renew(renewLease(lease, { account, region, epoch }), lease);
};

const look = async (
  { leases, clock, policy }: KeepLeaseDeps,
  { account }: ControlCell,
  watch: LeaseWatch,
): Promise<LeaseWatch> => afterLook(watch, await leases.load(account), clock.monotonicMs(), policy);

const beWatchful = async (
  deps: KeepLeaseDeps,
  cell: ControlCell,
  watch: LeaseWatch,
  takeOver: TakeOver,
): Promise<LeaseKept> => {
  const { activeRegion, epoch } = cell;
  const missed = watch.unchanged;
  const kept = { role: "watching", epoch, renewals: 0, missed } as const;
  if (missed === 0) return { ...kept, detail: `${activeRegion} holds epoch ${epoch}.` };
  const seconds = Math.round((missed * deps.policy.beatMs) / 1_000);
  const silence = `${activeRegion} has not renewed its lease for ${seconds} s.`;
  if (!isLeaseDead(watch, deps.policy)) return { ...kept, detail: silence };
  if (!deps.isAutomatic) return { ...kept, detail: `${silence} A person has to take over.` };
  const taken = await takeOver({ reason: silence, by: "keep-lease", epoch });
  return taken.ok
    ? { ...kept, role: "tookOver", epoch: taken.value.epoch, detail: silence }
    : { ...kept, detail: `${silence} ${taken.error.detail}` };
};

const prove = (
  deps: KeepLeaseDeps,
  { role, missed, renewals, detail }: LeaseKept,
  startedAtMs: number,
): Promise<void> =>
  tolerateLoss(
    deps.telemetry.recordEvidence({
      component: "keep-lease",
      atMs: deps.clock.nowMs(),
      succeeded: role === "active" ? renewals > 0 : role === "tookOver" || missed <= LATE_MAX,
      detail,
      latencyMs: deps.clock.monotonicMs() - startedAtMs,
      dataAgeMs: null,
      fault: null,
    }),
  );
