import type { Claim, ControlCell } from "../risk/control-cell.ts";

/**
 * Whether what was read of the broker for the cell `before` can still be compared with the cell
 * `now`: since then orders were claimed or their answers lost, and nothing was settled or booked.
 */
export const isStillSeen = (before: ControlCell, now: ControlCell): boolean =>
  before.epoch === now.epoch &&
  before.accountReading?.observedAtMs === now.accountReading?.observedAtMs &&
  hasSameHoldings(before, now) &&
  hasSameHoldings(now, before) &&
  Object.values(before.inFlight).every((claim) => isSame(claim, now.inFlight[claim.clientOrderId]));

const hasSameHoldings = (left: ControlCell, right: ControlCell): boolean =>
  Object.entries(left.holdings).every(
    ([symbol, { quantity }]) => quantity === (right.holdings[symbol]?.quantity ?? 0),
  );

const isSame = (before: Claim, now: Claim | undefined): boolean =>
  now !== undefined &&
  now.claimId === before.claimId &&
  (now.stage === before.stage || now.stage === "unknown") &&
  now.filled === before.filled &&
  now.closed === before.closed &&
  now.liveLegIds.join() === before.liveLegIds.join();
