import { canonicalJson } from "../domain/canonical-json.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { ControlCell, ResumeRequest, TradingState } from "../domain/risk/control-cell.ts";
import {
  approveResume,
  requestResume,
  RESUME_WITHIN_MS,
  resumeSnapshotOf,
  type ResumeRefusal,
} from "../domain/risk/trading-state.ts";
import { noteAudit } from "./audit/note-audit.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import { neverOpened } from "./change-trading-state.ts";
import { createReconcileOrders, type ReconcileOrdersDeps } from "./reconcile-orders.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { updateCell } from "./update-cell.ts";

/** What was asked for: another principal has to approve this very snapshot. */
export type ResumeRequested = {
  readonly request: ResumeRequest;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
  /** State, positions, orders and limits, of which `request.snapshotHash` is the digest. */
  readonly snapshot: unknown;
};

/** Trading goes on, and what was approved. */
export type TradingResumed = {
  readonly tradingState: TradingState;
  readonly snapshotHash: string;
  readonly snapshot: unknown;
};

/** Resuming takes two: one principal asks, another one approves. */
export type ResumeTrading = {
  readonly request: (by: string) => Promise<Result<ResumeRequested, ControlRefusal>>;
  readonly approve: (approval: {
    readonly by: string;
    readonly snapshotHash: string;
  }) => Promise<Result<TradingResumed, ControlRefusal>>;
};

/** What resuming needs. */
export type ResumeTradingDeps = ReconcileOrdersDeps & {
  /** A digest of text, the same for the same text: SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
};

/** Makes both halves. The approval reconciles first: what is approved is what the broker shows. */
export const createResumeTrading = (deps: ResumeTradingDeps): ResumeTrading => {
  const reconcile = createReconcileOrders(deps);
  return {
    request: async (by) => {
      const atMs = deps.clock.nowMs();
      const changed = await change(deps, (cell) =>
        requestResume(cell, { by, atMs, snapshotHash: snapshotHashOf(cell, deps.digest) }),
      );
      if (!changed.ok) return changed;
      const { resumeRequest: request } = changed.value;
      if (request === null) return err({ type: "Unavailable", detail: "Someone else was faster." });
      const body = { snapshotHash: request.snapshotHash };
      const { epoch } = changed.value;
      await noteAudit(deps, { kind: "resume-requested", actor: by, epoch, body });
      const expiresAtMs = request.atMs + RESUME_WITHIN_MS;
      return ok({ request, expiresAtMs, snapshot: resumeSnapshotOf(changed.value) });
    },
    approve: async ({ by, snapshotHash }) => {
      const { isClean, differences } = await reconcile();
      const atMs = deps.clock.nowMs();
      let snapshot: unknown;
      const decide = (cell: ControlCell): Result<ControlCell, ResumeRefusal> => {
        snapshot = resumeSnapshotOf(cell);
        const isSame = snapshotHashOf(cell, deps.digest) === snapshotHash;
        const approved = approveResume(cell, { by, atMs, snapshotHash });
        if (!approved.ok) return approved;
        if (!isSame) return err({ type: "SnapshotChanged" });
        return isClean ? approved : err({ type: "NotReconciled" });
      };
      const recorded = await recordApproval(deps, { by, snapshotHash }, decide);
      const changed = recorded.ok ? await change(deps, decide) : recorded;
      if (!changed.ok) {
        const { detail, ...refusal } = changed.error;
        return err({ ...refusal, detail: [detail, ...(isClean ? [] : differences)].join(" ") });
      }
      await tell(deps, changed.value, atMs);
      return ok({ tradingState: changed.value.tradingState, snapshotHash, snapshot });
    },
  };
};

/** What loosens is recorded before it is done, and what could not be recorded is not done. */
const recordApproval = async (
  { audit, ledger, settings }: ResumeTradingDeps,
  { by, snapshotHash }: { readonly by: string; readonly snapshotHash: string },
  decide: (cell: ControlCell) => Result<ControlCell, ResumeRefusal>,
): Promise<Result<void, ControlRefusal>> => {
  if (audit === undefined) return ok(undefined);
  const loaded = await ledger.loadCell(settings.account);
  if (!loaded.ok) return err(UNREADABLE);
  if (loaded.value === undefined) return err(neverOpened(settings));
  const cell = loaded.value;
  const decided = decide(cell);
  if (!decided.ok) return err({ type: "Refused", detail: describe(decided.error) });
  const askedBy = cell.resumeRequest?.by ?? "";
  const { epoch } = cell;
  const body = { askedBy, snapshotHash };
  const recorded = await audit.record({ kind: "resume-approved", actor: by, epoch, body });
  return recorded.ok ? ok(undefined) : err({ type: "Unavailable", detail: recorded.error.detail });
};

const UNREADABLE: ControlRefusal = {
  type: "Unavailable",
  detail: "The ledger cannot be read now.",
};

/** The digest that two principals have to agree on. */
export const snapshotHashOf = (cell: ControlCell, digest: (text: string) => string): string =>
  digest(canonicalJson(resumeSnapshotOf(cell)));

/** Writes what `decide` makes of the newest cell, or says why it does not. */
const change = async (
  deps: ResumeTradingDeps,
  decide: (cell: ControlCell) => Result<ControlCell, ResumeRefusal>,
): Promise<Result<ControlCell, ControlRefusal>> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  if (!loaded.ok) return err(UNREADABLE);
  if (loaded.value === undefined) return err(neverOpened(deps.settings));
  let refusal: ResumeRefusal | undefined;
  const cell = await updateCell(deps, loaded.value, (current) => {
    const decided = decide(current);
    refusal = decided.ok ? undefined : decided.error;
    return decided.ok ? decided.value : current;
  });
  return refusal === undefined ? ok(cell) : err({ type: "Refused", detail: describe(refusal) });
};

const describe = (refusal: ResumeRefusal): string => {
  switch (refusal.type) {
    case "AlreadyActive":
      return "Trading is active already.";
    case "NothingRequested":
      return "Nobody asks to resume, or the state has changed since; ask again first.";
    case "RequestExpired": {
      const askedAt = new Date(refusal.requestedAtMs).toISOString();
      return `The request of ${askedAt} is older than 15 minutes; ask again first.`;
    }
    case "SamePrincipal":
      return `The request is ${refusal.principal}'s own; another principal has to approve it.`;
    case "SnapshotChanged":
      return "State, positions, orders or limits are not those that were asked for; ask again first.";
    case "NotReconciled":
      return "Ledger and broker have not been found to agree.";
  }
};

const tell = async (deps: ResumeTradingDeps, cell: ControlCell, atMs: number): Promise<void> => {
  // What lost its bracket while trading was halted is closed by the next cycle.
  for (const name of ["trading-halted", "trading-reducing", "position-unprotected"]) {
    const publish = deps.alerts.publish({
      key: `${name}-${cell.account}`,
      action: "resolve",
      severity: "info",
      summary: cell.tradingState.reason,
      component: "control-trading",
      mode: deps.settings.mode,
      atMs,
      runbook: "trading-resume",
    });
    await tolerateLoss(publish);
  }
};
