import { RetryableError } from "../domain/fault.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { eventsOfReport } from "../domain/orders/broker-report.ts";
import { type BrokerOrder, isLiveStatus } from "../domain/orders/broker-state.ts";
import { afterReport } from "../domain/reconciliation/settle-claims.ts";
import { claimsOf, type Claim, type ControlCell } from "../domain/risk/control-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { extendHistory } from "./extend-history.ts";
import { type CellWriterDeps, loadCell, updateOwnCell } from "./update-cell.ts";

/** What clearing a symbol needs. */
export type ClearSymbolDeps = CellWriterDeps & {
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
};

/** The symbol to clear, for the cell that the exit was allowed by. */
export type ClearRequest = {
  readonly cell: ControlCell;
  readonly symbol: Ticker;
  /** Milliseconds until what is left of the time is needed to send the exit itself. */
  readonly leftMs: () => number;
};

/** How often the broker is asked whether a cancellation is done, and how long in between. */
const CONFIRMATIONS_MAX = 8;
const CONFIRM_AFTER_MS = 250;

/**
 * Cancels what would stand against an exit: entries that work in the symbol, and the bracket that
 * holds its shares. Cancel, then confirm: an accepted cancellation may still have been overtaken by
 * a fill, which is then part of the holding before the exit is sized. Nothing is cancelled unless
 * there is time to send the exit afterwards, nor once the account was taken over or halted. Throws
 * `RetryableError` then, and when the broker does not confirm in time: the exit comes again.
 */
export const clearSymbol = async (deps: ClearSymbolDeps, request: ClearRequest): Promise<void> => {
  for (const claim of claimsOf(request.cell, request.symbol)) {
    if (claim.purpose === "entry") await clearClaim(deps, request, claim);
  }
};

const clearClaim = async (
  deps: ClearSymbolDeps,
  { cell, leftMs }: ClearRequest,
  claim: Claim,
): Promise<void> => {
  for (let asked = 0; asked < CONFIRMATIONS_MAX && leftMs() > 0; asked++) {
    if (asked > 0) await deps.pause.wait(CONFIRM_AFTER_MS);
    // A broker that keeps us waiting must not have this function end before it could say so.
    const found = await deps.broker.findOrder(claim.clientOrderId, leftMs());
    if (!found.ok) continue;
    // Nothing to cancel yet; what may still arrive is reconciliation's, and stops no exit.
    if (found.value.type === "notFound") return;
    const report = found.value.order;
    await record(deps, cell, claim, report);
    const live = liveIdsOf(report);
    if (live.length === 0) return;
    for (const id of live) {
      if (leftMs() <= 0) break;
      // A refusal means that it is over already, which the next look will show.
      await deps.broker.cancelOrder(id);
    }
  }
  throw new RetryableError(`${claim.clientOrderId} was not confirmed as cancelled.`);
};

const record = async (
  deps: ClearSymbolDeps,
  allowed: ControlCell,
  claim: Claim,
  report: BrokerOrder,
): Promise<void> => {
  const atMs = deps.clock.nowMs();
  await extendHistory(deps, claim.clientOrderId, (order) =>
    eventsOfReport(order, claim, report, atMs),
  );
  const cell = await loadCell(deps.ledger, allowed.account);
  // A Region that lost the account takes no bracket away from the one that has it.
  const isFenced = cell.epoch !== allowed.epoch;
  if (isFenced) throw new RetryableError(`The account was taken over by ${cell.activeRegion}.`);
  // No exit goes out behind it: what is left of the bracket stays.
  if (cell.tradingState.mode === "halted") throw new RetryableError("Trading was halted.");
  await updateOwnCell(deps, cell, (current) => afterReport(current, claim, report, atMs));
};

const liveIdsOf = (report: BrokerOrder): readonly string[] => [
  ...(isLiveStatus(report.status) ? [report.brokerOrderId] : []),
  ...report.legs.filter((leg) => isLiveStatus(leg.status)).map((leg) => leg.brokerOrderId),
];
