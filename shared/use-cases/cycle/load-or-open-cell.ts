import { type ControlCell, openCell } from "../../domain/risk/control-cell.ts";
import type { LedgerFault } from "../../ports/ledger.ts";
import { hasHistories } from "../list-histories.ts";
import type { OpenCycleDeps } from "./open-cycle-deps.ts";

/** The account's cell, why there is none, or the Region that has to open it. */
type Loaded =
  | { readonly cell: ControlCell }
  | { readonly fault: LedgerFault }
  | { readonly waitsFor: string };

/**
 * Loads the cell, and opens an account that has never traded, in the one Region that may.
 */
export const loadOrOpenCell = async (deps: OpenCycleDeps): Promise<Loaded> => {
  const { account, region, limits, limitsDigest } = deps.settings;
  const loaded = await deps.ledger.loadCell(account);
  if (!loaded.ok) return { fault: loaded.error };
  if (loaded.value !== undefined) return { cell: loaded.value };
  const known = await hasHistories(deps.ledger, account, deps.clock.nowMs());
  if (!known.ok) return { fault: known.error };
  if (known.value) {
    // An account that has traded is not new: reconciliation rebuilds what was lost.
    const detail = "The account's cell is missing, but it has orders.";
    return { fault: { type: "LedgerCorrupt", key: account, detail } };
  }
  // Whoever opens it trades: that is decided by people, and not by which Region woke first.
  const { opensIn = region } = deps;
  if (opensIn !== region) return { waitsFor: opensIn };
  const opened = openCell({ account, region, limits, limitsDigest, nowMs: deps.clock.nowMs() });
  const saved = await deps.ledger.saveCell(opened, { version: 0, epoch: 0 });
  if (saved.ok) return { cell: opened };
  if (saved.error.type !== "CellConflict") return { fault: saved.error };
  // Someone else opened it first, perhaps the other Region: theirs stands.
  return saved.error.current === undefined
    ? { fault: { type: "LedgerUnavailable", detail: "The cell was neither stored nor found." } }
    : { cell: saved.error.current };
};
