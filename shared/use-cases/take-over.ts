import { RetryableError } from "../domain/fault.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { takeOver } from "../domain/risk/change-cell.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { noteAudit } from "./audit/note-audit.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import { neverOpened } from "./change-trading-state.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type CellWriterDeps, updateCell } from "./update-cell.ts";

/** Why a Region takes an account over, and from which epoch. */
export type TakeoverWish = {
  /** One sentence. */
  readonly reason: string;
  /** The principal or the function that decided. */
  readonly by: string;
  /** The epoch the decision rests on: nothing happens if another takeover came first. */
  readonly epoch: number;
};

/** The account is this Region's, under a new epoch; entries wait until it is clean. */
export type TakenOver = {
  readonly epoch: number;
  readonly activeRegion: string;
};

/** Takes the account over into the Region this runs in. */
export type TakeOver = (wish: TakeoverWish) => Promise<Result<TakenOver, ControlRefusal>>;

/** What taking over needs. */
export type TakeOverDeps = CellWriterDeps & {
  readonly broker: Pick<Broker, "readAccount">;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
};

/**
 * Fences the Region that trades by ONE conditional write that raises the epoch. Refused where the
 * broker cannot be reached from here, since a Region that cannot trade is no better than a dead
 * one; where this Region is active already; and where another takeover came first. A wish that is
 * fulfilled may be repeated: it answers as before and changes nothing.
 */
export const createTakeOver =
  (deps: TakeOverDeps): TakeOver =>
  async (wish) => {
    const { account, region } = deps.settings;
    const loaded = await deps.ledger.loadCell(account);
    if (!loaded.ok) return err({ type: "Unavailable", detail: NO_LEDGER });
    if (loaded.value === undefined) return err(neverOpened(deps.settings));
    if (isFulfilled(loaded.value, wish, region)) return ok(takenOver(loaded.value));
    const obstacle = obstacleOf(loaded.value, wish, region);
    if (obstacle !== undefined) return err({ type: "Refused", detail: obstacle });
    const reached = await deps.broker.readAccount();
    if (!reached.ok) {
      const detail = `The broker cannot be reached from ${region}: ${reached.error.detail}`;
      return err({ type: "Unavailable", detail });
    }
    return fence(deps, loaded.value, wish);
  };

const NO_LEDGER = "The ledger cannot be read from here, so the account stays where it is.";

/** Only a takeover of the wish's epoch into this Region leaves the cell so. */
const isFulfilled = (cell: ControlCell, wish: TakeoverWish, region: string): boolean =>
  cell.activeRegion === region && cell.epoch === wish.epoch + 1;

const takenOver = ({ epoch, activeRegion }: ControlCell): TakenOver => ({ epoch, activeRegion });

/** What stands against the takeover of this very cell. */
const obstacleOf = (
  { activeRegion, epoch }: ControlCell,
  wish: TakeoverWish,
  region: string,
): string | undefined => {
  if (activeRegion === region) return `${region} is the active Region already.`;
  return epoch === wish.epoch
    ? undefined
    : `Epoch ${wish.epoch} is over: ${activeRegion} holds epoch ${epoch}.`;
};

const fence = async (
  deps: TakeOverDeps,
  before: ControlCell,
  wish: TakeoverWish,
): Promise<Result<TakenOver, ControlRefusal>> => {
  const { region } = deps.settings;
  let obstacle: string | undefined;
  try {
    const cell = await updateCell(deps, before, (current) => {
      // After a lost answer the conflict is with our own write.
      if (isFulfilled(current, wish, region)) return current;
      obstacle = obstacleOf(current, wish, region);
      return obstacle === undefined ? takeOver(current, region, deps.clock.nowMs()) : current;
    });
    if (obstacle !== undefined) return err({ type: "Refused", detail: obstacle });
    // The fence waits for nothing: it is recorded once it stands.
    const body = { from: before.activeRegion, to: region, reason: wish.reason };
    await noteAudit(deps, { kind: "takeover", actor: wish.by, epoch: cell.epoch, body });
    await tell(deps, cell, before.activeRegion, wish);
    return ok(takenOver(cell));
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    // The write may have happened: whoever asks again sees by the cell whether it did.
    return err({
      type: "Unavailable",
      detail: `It is not known whether it happened. ${error.message}`,
    });
  }
};

const SUMMARY_MAX = 1_024;

const tell = async (
  { alerts, clock, settings }: TakeOverDeps,
  { epoch, account, activeRegion }: ControlCell,
  from: string,
  { reason, by }: TakeoverWish,
): Promise<void> => {
  const summary = `${activeRegion} took ${account} over from ${from} (epoch ${epoch}), by ${by}: ${reason}`;
  const publish = alerts.publish({
    key: `takeover-${account}-${epoch}`,
    action: "trigger",
    severity: "critical",
    summary: summary.slice(0, SUMMARY_MAX),
    component: "keep-lease",
    mode: settings.mode,
    atMs: clock.nowMs(),
    runbook: "failover",
  });
  await tolerateLoss(publish);
};
