import { err, ok, type Result } from "../result.ts";
import type { ControlCell, TradingMode, TradingState } from "./control-cell.ts";
import { nextCell } from "./next-cell.ts";

/** Who decides, when and why. */
export type StateChange = {
  readonly reason: string;
  /** A principal or a function's name. */
  readonly by: string;
  readonly atMs: number;
};

/** Who decides when a Region takes an account over. */
export const TAKEOVER = "failover";

/** How long a request to resume waits for the second principal. */
export const RESUME_WITHIN_MS = 15 * 60_000;

/** Why trading does not resume. */
export type ResumeRefusal =
  | { readonly type: "AlreadyActive" }
  | { readonly type: "NothingRequested" }
  | { readonly type: "RequestExpired"; readonly requestedAtMs: number }
  | { readonly type: "SamePrincipal"; readonly principal: string }
  | { readonly type: "SnapshotChanged" }
  | { readonly type: "NotReconciled" };

/** Stops every order at once. Halting what is halted changes nothing: the first reason stands. */
export const haltTrading = (cell: ControlCell, change: StateChange): ControlCell =>
  cell.tradingState.mode === "halted" ? cell : restrict(cell, "halted", change, NOTHING_TO_CLOSE);

/**
 * Halts for what a function found. What people are flattening goes on: exits alone are allowed
 * already, and a wish that is dropped would leave open what they mean to close.
 */
export const haltUnlessFlattening = (cell: ControlCell, change: StateChange): ControlCell =>
  cell.tradingState.isFlattening ? cell : haltTrading(cell, change);

/**
 * Allows exits only. What is reducing or halted already stays as it is, save a takeover's own
 * `reducing`, which would end by itself: what is asked for here does not.
 */
export const reduceTrading = (cell: ControlCell, change: StateChange): ControlCell =>
  cell.tradingState.mode === "active" || isTakenOver(cell)
    ? restrict(cell, "reducing", change, NOTHING_TO_CLOSE)
    : cell;

/** Whether exits alone are allowed only because the account was just taken over. */
export const isTakenOver = ({ tradingState: { mode, by, isFlattening } }: ControlCell): boolean =>
  mode === "reducing" && by === TAKEOVER && !isFlattening;

/**
 * Ends a takeover: what was active before it is active again, once ledger and broker agree under
 * the new epoch. This resumes nothing that anybody has stopped, so that it takes no two principals.
 */
export const finishTakeover = (cell: ControlCell, atMs: number): ControlCell =>
  isTakenOver(cell) && cell.reconciliation.state === "clean"
    ? nextCell(cell, {
        tradingState: {
          mode: "active",
          reason: `Reconciled in ${cell.activeRegion} after the takeover.`,
          by: TAKEOVER,
          atMs,
          ...NOTHING_TO_CLOSE,
        },
      })
    : cell;

/**
 * Asks for everything held to be closed: exits only until the broker shows that nothing is held or
 * working, then halted. Also from `halted`, since closing a position only reduces risk. Asking
 * again changes nothing, save that the broker may now be asked to refuse orders afterwards.
 */
export const flattenTrading = (
  cell: ControlCell,
  change: StateChange & { readonly suspendAtBroker: boolean },
): ControlCell => {
  const { tradingState } = cell;
  const suspendAtBroker = tradingState.suspendAtBroker || change.suspendAtBroker;
  if (!tradingState.isFlattening) {
    return restrict(cell, "reducing", change, { isFlattening: true, suspendAtBroker });
  }
  return suspendAtBroker === tradingState.suspendAtBroker
    ? cell
    : nextCell(cell, { tradingState: { ...tradingState, suspendAtBroker }, resumeRequest: null });
};

/** Halts once everything is closed, as the broker shows. */
export const finishFlattening = (cell: ControlCell, atMs: number): ControlCell => {
  if (!cell.tradingState.isFlattening) return cell;
  const { reason, by, suspendAtBroker } = cell.tradingState;
  const change = { reason: `Flat. ${reason}`, by, atMs };
  return restrict(cell, "halted", change, { isFlattening: false, suspendAtBroker });
};

/** Whether the broker is to be asked to refuse orders now: nothing is held, and it was wished. */
export const isSuspensionDue = ({ tradingState }: ControlCell): boolean =>
  tradingState.mode === "halted" && tradingState.suspendAtBroker;

/** Records that the broker was asked, once: a person who lifts it there is not overruled. */
export const noteSuspension = (cell: ControlCell): ControlCell =>
  isSuspensionDue(cell)
    ? nextCell(cell, { tradingState: { ...cell.tradingState, suspendAtBroker: false } })
    : cell;

/**
 * Asks to trade again. Takes the digest of what the principal has looked at; another principal
 * has to approve the same within 15 minutes. A newer request takes an older one's place.
 */
export const requestResume = (
  cell: ControlCell,
  request: { readonly by: string; readonly atMs: number; readonly snapshotHash: string },
): Result<ControlCell, ResumeRefusal> =>
  cell.tradingState.mode === "active"
    ? err({ type: "AlreadyActive" })
    : ok(nextCell(cell, { resumeRequest: request }));

/**
 * Ends a wish to resume that still waits: whoever stops trading means it, though it was stopped
 * already and nothing else is changed by that.
 */
export const withdrawResume = (cell: ControlCell): ControlCell =>
  cell.resumeRequest === null ? cell : nextCell(cell, { resumeRequest: null });

/** Resumes trading if a second principal approves what the first one asked for. */
export const approveResume = (
  cell: ControlCell,
  approval: { readonly by: string; readonly atMs: number; readonly snapshotHash: string },
): Result<ControlCell, ResumeRefusal> => {
  const request = cell.resumeRequest;
  if (cell.tradingState.mode === "active") return err({ type: "AlreadyActive" });
  if (request === null) return err({ type: "NothingRequested" });
  if (approval.by === request.by) return err({ type: "SamePrincipal", principal: request.by });
  const waitedMs = approval.atMs - request.atMs;
  if (!(waitedMs >= 0 && waitedMs <= RESUME_WITHIN_MS)) {
    return err({ type: "RequestExpired", requestedAtMs: request.atMs });
  }
  if (approval.snapshotHash !== request.snapshotHash) return err({ type: "SnapshotChanged" });
  if (cell.reconciliation.state !== "clean") return err({ type: "NotReconciled" });
  const state: TradingState = {
    mode: "active",
    reason: `Resumed: asked for by ${request.by}, approved by ${approval.by}.`,
    by: approval.by,
    atMs: approval.atMs,
    ...NOTHING_TO_CLOSE,
  };
  return ok(nextCell(cell, { tradingState: state, resumeRequest: null }));
};

/**
 * What two principals must have seen alike before trading resumes: state, positions, orders,
 * limits.
 */
export const resumeSnapshotOf = (cell: ControlCell): unknown => ({
  account: cell.account,
  epoch: cell.epoch,
  activeRegion: cell.activeRegion,
  tradingState: cell.tradingState,
  limitsDigest: cell.limitsDigest,
  positions: Object.entries(cell.holdings)
    .filter(([, holding]) => holding.quantity !== 0)
    .map(([symbol, holding]) => [symbol, holding.quantity])
    .toSorted(([left], [right]) => (String(left) < String(right) ? -1 : 1)),
  inFlight: Object.keys(cell.inFlight).toSorted(),
});

const NOTHING_TO_CLOSE = { isFlattening: false, suspendAtBroker: false } as const;

/** A tighter state also ends a request to resume: what was asked for is no longer what is. */
const restrict = (
  cell: ControlCell,
  mode: TradingMode,
  { reason, by, atMs }: StateChange,
  closing: Pick<TradingState, "isFlattening" | "suspendAtBroker">,
): ControlCell =>
  nextCell(cell, {
    tradingState: { mode, reason, by, atMs, ...closing },
    resumeRequest: null,
  });
