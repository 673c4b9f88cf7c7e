import { RetryableError } from "../domain/fault.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { eventsOfReport } from "../domain/orders/broker-report.ts";
import { type BrokerOrder, isLiveStatus } from "../domain/orders/broker-state.ts";
import { afterReport } from "../domain/reconciliation/settle-claims.ts";
import { claimsOf, type Claim } from "../domain/risk/control-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { extendHistory } from "./extend-history.ts";
import { type CellWriterDeps, loadCell, updateCell } from "./update-cell.ts";

/** What clearing a symbol needs. */
export type ClearSymbolDeps = CellWriterDeps & {
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
};

/** How often the broker is asked whether a cancellation is done, and how long in between. */
const CONFIRMATIONS_MAX = 8;
const CONFIRM_AFTER_MS = 250;

/**
 * Cancels what would stand against an exit: entries that work in the symbol, and the bracket that
 * holds its shares. Cancel, then confirm: an accepted cancellation may still have been overtaken by
 * a fill, which is then part of the holding before the exit is sized. Throws `RetryableError` when
 * the broker does not confirm in time, so that the exit comes again.
 */
export const clearSymbol = async (
  deps: ClearSymbolDeps,
  account: string,
  symbol: Ticker,
): Promise<void> => {
  const cell = await loadCell(deps.ledger, account);
  for (const claim of claimsOf(cell, symbol)) {
    if (claim.purpose === "entry") await clearClaim(deps, account, claim);
  }
};

const clearClaim = async (deps: ClearSymbolDeps, account: string, claim: Claim): Promise<void> => {
  for (let asked = 0; asked < CONFIRMATIONS_MAX; asked++) {
    if (asked > 0) await deps.pause.wait(CONFIRM_AFTER_MS);
    const found = await deps.broker.findOrder(claim.clientOrderId);
    if (!found.ok) continue;
    // Nothing to cancel yet; what may still arrive is reconciliation's, and stops no exit.
    if (found.value.type === "notFound") return;
    const report = found.value.order;
    await record(deps, account, claim, report);
    const live = liveIdsOf(report);
    if (live.length === 0) return;
    for (const id of live) {
      // A refusal means that it is over already, which the next look will show.
      await deps.broker.cancelOrder(id);
    }
  }
  throw new RetryableError(`${claim.clientOrderId} was not confirmed as cancelled.`);
};

const record = async (
  deps: ClearSymbolDeps,
  account: string,
  claim: Claim,
  report: BrokerOrder,
): Promise<void> => {
  const atMs = deps.clock.nowMs();
  await extendHistory(deps, claim.clientOrderId, (order) =>
    eventsOfReport(order, claim, report, atMs),
  );
  const cell = await loadCell(deps.ledger, account);
  await updateCell(deps, cell, (current) => afterReport(current, claim, report, atMs));
};

const liveIdsOf = (report: BrokerOrder): readonly string[] => [
  ...(isLiveStatus(report.status) ? [report.brokerOrderId] : []),
  ...report.legs.filter((leg) => isLiveStatus(leg.status)).map((leg) => leg.brokerOrderId),
];
