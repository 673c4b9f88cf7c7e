import { listOf } from "../listed-record.ts";
import type { Ticker } from "../market/ticker.ts";
import { type Claim, claimsOf, type ControlCell, holdingOf } from "./control-cell.ts";

/**
 * Whether a position that we opened has lost its bracket and nothing is closing it: an exit was
 * begun and did not come through, an entry was cancelled half filled, or the broker dropped the
 * stop, whether or not the target still works. What was taken over never had a bracket.
 */
export const isUnprotected = (cell: ControlCell, symbol: Ticker): boolean => {
  const { quantity, lastEntryAtMs } = holdingOf(cell, symbol);
  return quantity !== 0 && lastEntryAtMs !== null && claimsOf(cell, symbol).every(isBare);
};

/** What is left of a bracket that has lost its stop. */
const isBare = ({ stage, protection }: Claim): boolean =>
  stage === "protecting" && protection === null;

/** Every symbol of which that is so, sorted. */
export const unprotectedIn = (cell: ControlCell): readonly string[] =>
  // A holding's key is a symbol: the ledger reads it as one.
  listOf(cell.holdings)
    .names.filter((symbol) => isUnprotected(cell, symbol as Ticker))
    .toSorted();
