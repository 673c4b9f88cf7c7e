import { EpochConflict, RetryableError } from "../domain/fault.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Pause } from "../ports/pause.ts";
import type { Random } from "../ports/random.ts";

/** What writing a contended cell needs. */
export type CellWriterDeps = {
  readonly ledger: Ledger;
  readonly random: Pick<Random, "next">;
  readonly pause: Pause;
};

/** How often a write is tried against a cell that others write too. */
export const CELL_TRIES_MAX = 8;

const BACKOFF_FIRST_MS = 20;
const BACKOFF_MAX_MS = 500;

/** Waits before try number `tries` (from 1): exponential, with full jitter. */
export const backOff = (
  deps: Pick<CellWriterDeps, "random" | "pause">,
  tries: number,
): Promise<void> =>
  deps.pause.wait(deps.random.next() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** tries));

/**
 * Applies `change` to the newest cell until it is stored, at most 8 times with jittered waits: each
 * conflict hands back the cell that won, and the change is computed again from that. A change that
 * returns the cell itself writes nothing. Throws `RetryableError` when the ledger fails or stays
 * contended.
 */
export const updateCell = async (
  deps: CellWriterDeps,
  loaded: ControlCell,
  change: (cell: ControlCell) => ControlCell,
): Promise<ControlCell> => {
  let cell = loaded;
  for (let tries = 1; tries <= CELL_TRIES_MAX; tries++) {
    const changed = change(cell);
    if (changed === cell) return cell;
    // A change may be several steps; the stored version still rises by exactly one.
    const next = { ...changed, version: cell.version + 1 };
    const expected = { version: cell.version, epoch: cell.epoch };
    const saved = await deps.ledger.saveCell(next, expected);
    if (saved.ok) return next;
    if (saved.error.type !== "CellConflict") {
      throw new RetryableError(`The ledger did not store the cell: ${saved.error.detail}`);
    }
    if (saved.error.current === undefined) {
      throw new RetryableError("The account's cell is not there any more.");
    }
    cell = saved.error.current;
    await backOff(deps, tries);
  }
  throw new RetryableError(`The cell was written by others ${CELL_TRIES_MAX} times in a row.`);
};

/**
 * As `updateCell`, for a function that acts as the active Region: once another one has taken the
 * account over, nothing is written, because a change that is computed again from its cell would
 * carry its epoch. Throws `RetryableError` then; the new Region's reconciliation settles the rest.
 */
export const updateOwnCell = (
  deps: CellWriterDeps,
  loaded: ControlCell,
  change: (cell: ControlCell) => ControlCell,
): Promise<ControlCell> =>
  updateCell(deps, loaded, (cell) => {
    if (cell.epoch === loaded.epoch) return change(cell);
    throw new EpochConflict(`The account was taken over by ${cell.activeRegion}.`);
  });

/** Loads the account's cell; throws `RetryableError` when it cannot be read or is not there. */
export const loadCell = async (ledger: Ledger, account: string): Promise<ControlCell> => {
  const loaded = await ledger.loadCell(account);
  if (!loaded.ok) throw new RetryableError(`The cell was not read: ${loaded.error.detail}`);
  if (loaded.value === undefined) throw new RetryableError("The account was never opened.");
  return loaded.value;
};
