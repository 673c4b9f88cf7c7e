import { RetryableError } from "../domain/fault.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Ledger } from "../ports/ledger.ts";

/** How often a write is tried against a cell that others write too. */
const TRIES_MAX = 8;

/**
 * Applies `change` to the newest cell until it is stored, at most 8 times: each conflict hands
 * back the cell that won, and the change is computed again from that. A change that returns the
 * cell itself writes nothing. Throws `RetryableError` when the ledger fails or stays contended.
 */
export const updateCell = async (
  ledger: Ledger,
  loaded: ControlCell,
  change: (cell: ControlCell) => ControlCell,
): Promise<ControlCell> => {
  let cell = loaded;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const changed = change(cell);
    if (changed === cell) return cell;
    // A change may be several steps; the stored version still rises by exactly one.
    const next = { ...changed, version: cell.version + 1 };
    const saved = await ledger.saveCell(next, { version: cell.version, epoch: cell.epoch });
    if (saved.ok) return next;
    if (saved.error.type !== "CellConflict") {
      throw new RetryableError(`The ledger did not store the cell: ${saved.error.detail}`);
    }
    if (saved.error.current === undefined) {
      throw new RetryableError("The account's cell is not there any more.");
    }
    cell = saved.error.current;
  }
  throw new RetryableError(`The cell was written by others ${TRIES_MAX} times in a row.`);
};
