import { withNamed } from "../listed-record.ts";
import type { BrokerPosition } from "../orders/broker-state.ts";
import { type ControlCell, FLAT, type Holding } from "./control-cell.ts";
import { nextCell } from "./next-cell.ts";
import { TAKEOVER } from "./trading-state.ts";

/** Records that ledger and broker agree: entries may be claimed. */
export const markClean = (cell: ControlCell, atMs: number): ControlCell =>
  nextCell(cell, { reconciliation: { state: "clean", cleanAtMs: atMs } });

/** Records that it is not known whether they agree: no entry is claimed until they do. */
export const markUnverified = (cell: ControlCell): ControlCell =>
  cell.reconciliation.state === "clean"
    ? nextCell(cell, { reconciliation: { ...cell.reconciliation, state: "unverified" } })
    : cell;

/**
 * Raises the epoch and hands the account to a Region: claims of the old epoch can no longer be
 * made, trading starts in `reducing`, and entries wait for a clean reconciliation.
 */
export const takeOver = (cell: ControlCell, region: string, nowMs: number): ControlCell =>
  nextCell(cell, {
    epoch: cell.epoch + 1,
    activeRegion: region,
    reconciliation: { ...cell.reconciliation, state: "unverified" },
    resumeRequest: null,
    tradingState:
      cell.tradingState.mode === "active"
        ? {
            mode: "reducing",
            reason: `Taken over by ${region}.`,
            by: TAKEOVER,
            atMs: nowMs,
            isFlattening: false,
            suspendAtBroker: false,
          }
        : cell.tradingState,
  });

/** Puts a holding to what the broker says it is, after a difference was classified. */
export const adoptHolding = (
  cell: ControlCell,
  symbol: string,
  position: Pick<BrokerPosition, "quantity" | "averagePrice"> | undefined,
  nowMs: number,
): ControlCell => {
  const { lastEntryAtMs, openedAtMs } = cell.holdings[symbol] ?? FLAT;
  const holding: Holding =
    position === undefined || position.quantity === 0
      ? { ...FLAT, lastEntryAtMs }
      : {
          quantity: position.quantity,
          averagePrice: position.averagePrice,
          openedAtMs: openedAtMs ?? nowMs,
          lastEntryAtMs,
        };
  return nextCell(cell, { holdings: withNamed(cell.holdings, symbol, holding) });
};
