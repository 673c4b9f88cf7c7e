import type { ControlCell } from "../risk/control-cell.ts";
import { isTakenOver } from "../risk/trading-state.ts";

/** Who decides when a ledger is restored. */
const RESTORE = "restore";

/**
 * More takeovers than can happen between two backups: whatever claimed, or loaded a cell, after the
 * backup did so under an epoch below the one that a restore begins.
 */
export const EPOCH_LEAP = 1_000;

/**
 * The cell that a restored ledger begins with: a new epoch above every one that may have been used
 * since the backup, so that nobody who still acts on the lost ledger can write; exits only, or
 * halted where it was; unverified, and as of the backup, so that what the broker did since is taken
 * up first. Nobody is overruled: trading is resumed by people.
 */
export const restoredCell = (
  cell: ControlCell,
  { asOfMs, region, epochFloor }: RestoredAs,
): ControlCell => {
  const { tradingState } = cell;
  // A takeover would end by itself: what is restored does not.
  const wouldTrade = tradingState.mode === "active" || isTakenOver(cell);
  const reason = `Restored as of ${new Date(asOfMs).toISOString()}.`;
  return {
    ...cell,
    version: cell.version + 1,
    epoch: Math.max(cell.epoch, epochFloor) + EPOCH_LEAP,
    activeRegion: region ?? cell.activeRegion,
    resumeRequest: null,
    tradingState: wouldTrade
      ? {
          mode: "reducing",
          reason,
          by: RESTORE,
          atMs: asOfMs,
          isFlattening: false,
          suspendAtBroker: false,
        }
      : tradingState,
    reconciliation: {
      state: "unverified",
      cleanAtMs: cell.reconciliation.cleanAtMs,
      restoredAsOfMs: asOfMs,
    },
  };
};

/** From when a ledger is that was restored. */
export type RestoredAs = {
  readonly asOfMs: number;
  /** The Region that is to trade; the one of the backup where it is left out. */
  readonly region?: string | undefined;
  /** The highest epoch that anything outside the backup tells of; 0 where nothing does. */
  readonly epochFloor: number;
};
