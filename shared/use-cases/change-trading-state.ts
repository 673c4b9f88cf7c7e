import { RetryableError } from "../domain/fault.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Clock } from "../ports/clock.ts";
import { noteAudit } from "./audit/note-audit.ts";
import type { ControlRefusal } from "./control-refusal.ts";
import { stateAlert } from "./state-alert.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type CellWriterDeps, updateCell } from "./update-cell.ts";

/** What changing the trading state needs. */
export type ChangeTradingStateDeps = CellWriterDeps & {
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
};

/** What somebody asks for, and who it is. */
export type AskedChange = {
  readonly kind: "halt" | "flatten";
  readonly by: string;
  readonly reason: string;
};

/**
 * Writes a tighter trading state, before anything else is done about it, records it, and tells
 * people. The alert's key names the state, so that a repeated call is no second incident.
 */
export const changeTradingState = async (
  deps: ChangeTradingStateDeps,
  asked: AskedChange,
  change: (cell: ControlCell) => ControlCell,
): Promise<Result<ControlCell, ControlRefusal>> => {
  const written = await write(deps, change);
  if (!written.ok) return written;
  const { tradingState, epoch } = written.value;
  const { mode } = deps.settings;
  const telling = { component: "control-trading", mode, atMs: deps.clock.nowMs() };
  const publish = deps.alerts.publish(stateAlert(written.value, telling));
  // Who asks for what holds already has asked all the same, and it is his act that is recorded.
  const body = { mode: tradingState.mode, reason: asked.reason };
  const entry = { kind: asked.kind, actor: asked.by, epoch, body } as const;
  await Promise.all([tolerateLoss(publish), noteAudit(deps, entry)]);
  return written;
};

const write = async (
  deps: ChangeTradingStateDeps,
  change: (cell: ControlCell) => ControlCell,
): Promise<Result<ControlCell, ControlRefusal>> => {
  const loaded = await deps.ledger.loadCell(deps.settings.account);
  if (!loaded.ok) {
    const isDamaged = loaded.error.type === "LedgerCorrupt";
    return err({ type: "Unavailable", detail: isDamaged ? DAMAGED : NOT_SET });
  }
  if (loaded.value === undefined) return err(neverOpened(deps.settings));
  try {
    return ok(await updateCell(deps, loaded.value, change));
  } catch (error) {
    if (error instanceof RetryableError) return err({ type: "Unavailable", detail: NOT_SET });
    throw error;
  }
};

const NOT_SET =
  "The ledger did not take it, so trading may go on; try again, and stop it at the broker meanwhile.";

const DAMAGED =
  "The control cell is damaged: no order passes it. Reconciling rebuilds it, and trading stays halted.";

/** An account that open-cycle has not seen yet holds nothing and trades nothing. */
export const neverOpened = ({ account }: Pick<Settings, "account">): ControlRefusal => ({
  type: "Refused",
  detail: `The account ${account} was never opened: nothing trades in it.`,
});
