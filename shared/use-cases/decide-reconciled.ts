import { RetryableError } from "../domain/fault.ts";
import { previousSession } from "../domain/market/calendar.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import { ZERO_SHARES } from "../domain/market/quantity.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { BrokerObservation } from "../domain/reconciliation/broker-observation.ts";
import { isLateFill, type LateFill, reopenClaim } from "../domain/reconciliation/late-fill.ts";
import {
  reconcileAccount,
  type ReconciledAccount,
} from "../domain/reconciliation/reconcile-account.ts";
import { mayBeGivenUp } from "../domain/reconciliation/settle-claims.ts";
import { type Claim, type ControlCell, holdingOf } from "../domain/risk/control-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { Ledger } from "../ports/ledger.ts";
import { CLOCK_MARGIN_MS, lookUp, lookUpTogether } from "./observe-broker.ts";

/** What deciding needs: orders that the cell does not list any more. */
export type DecideReconciledDeps = {
  readonly ledger: Pick<Ledger, "loadOrder" | "listOrders">;
  readonly broker: Pick<Broker, "findOrder" | "findOrders">;
};

/** How many settled orders are looked up again to explain a position. */
const LATE_LOOKUPS_MAX = 20;
/** How many sessions' orders are looked through: brackets outlive the session of their entry. */
const LATE_SESSIONS_MAX = 12;

/** What to store next: what reconciling comes to, or first the claims of orders that came late. */
export type Step =
  | { readonly type: "settle"; readonly result: ReconciledAccount }
  | { readonly type: "reopen"; readonly cell: ControlCell; readonly seen: BrokerObservation };

/**
 * Decides; a position that nothing explains is first looked for among orders that were settled.
 * Their claims are stored again before anything of them is written into histories, which would
 * otherwise know of fills that a run that dies has not booked, and never would be.
 */
export const decideReconciled = async (
  deps: DecideReconciledDeps,
  before: ControlCell,
  read: BrokerObservation,
  adoptedBy: string | undefined,
): Promise<Step> => {
  const denied = reconcileAccount(before, read, { adopt: false });
  const seen = await withLost(deps, read, denied.absent);
  const result = seen === read ? denied : reconcileAccount(before, seen, { adopt: false });
  const options = { adopt: adoptedBy !== undefined };
  const isExplained = !result.differences.some(({ type }) => type === "externalPosition");
  if (isExplained) {
    const isAdopted = options.adopt && result.differences.some(mayBeGivenUp);
    return {
      type: "settle",
      result: isAdopted ? reconcileAccount(before, seen, options) : result,
    };
  }
  const late = await findLateFills(deps, before, seen);
  if (late.length === 0) {
    return { type: "settle", result: reconcileAccount(before, seen, options) };
  }
  const lookups = new Map(seen.lookups);
  for (const { order, report } of late) lookups.set(order.intent.clientOrderId, report);
  const cell = late.reduce((current, one) => reopenClaim(current, one, seen.atMs), before);
  return { type: "reopen", cell, seen: { ...seen, lookups } };
};

/** The same view, naming the orders that the broker denies for long and once acknowledged. */
const withLost = async (
  deps: DecideReconciledDeps,
  seen: BrokerObservation,
  absent: readonly Claim[],
): Promise<BrokerObservation> => {
  const lost: ClientOrderId[] = [];
  for (const { clientOrderId } of absent) {
    const loaded = await deps.ledger.loadOrder(clientOrderId);
    if (!loaded.ok) throw new RetryableError(`The order was not read: ${loaded.error.detail}`);
    const wasAcknowledged = (loaded.value?.brokerOrderId ?? null) !== null;
    if (wasAcknowledged) lost.push(clientOrderId);
  }
  if (lost.length === 0) return seen;
  const lookups = new Map(seen.lookups);
  for (const clientOrderId of lost) lookups.set(clientOrderId, "lost");
  return { ...seen, lookups };
};

/** Late fills of the newest session that has any: nearly always this one. */
const findLateFills = async (
  deps: DecideReconciledDeps,
  cell: ControlCell,
  seen: BrokerObservation,
): Promise<readonly LateFill[]> => {
  let date = seen.sessionDate ?? epochMsToNewYork(seen.atMs).date;
  for (let sessions = 0; sessions < LATE_SESSIONS_MAX; sessions++) {
    const late = await findLateFillsOf(deps, cell, seen, date);
    if (late.length > 0) return late;
    date = previousSession(date).date;
  }
  return [];
};

/** Orders of a session that are over for us, in what differs, of which the broker knows more. */
const findLateFillsOf = async (
  deps: DecideReconciledDeps,
  cell: ControlCell,
  seen: BrokerObservation,
  sessionDate: SessionDate,
): Promise<readonly LateFill[]> => {
  const listed = await deps.ledger.listOrders(cell.account, sessionDate, 200);
  // One damaged history explains nothing, and must not keep all other orders from being settled:
  // what differs stays a difference, which stops entries until a person has looked.
  if (!listed.ok && listed.error.type === "LedgerCorrupt") return [];
  if (!listed.ok) throw new RetryableError(`Orders were not listed: ${listed.error.detail}`);
  const positions = new Map(seen.positions.map(({ symbol, quantity }) => [symbol, quantity]));
  const settled = listed.value
    .filter(
      ({ intent: { symbol } }) =>
        holdingOf(cell, symbol).quantity !== (positions.get(symbol) ?? ZERO_SHARES),
    )
    .filter((order) => order.state.name !== "new" && order.state.name !== "denied")
    .filter((order) => cell.inFlight[order.intent.clientOrderId] === undefined)
    .slice(0, LATE_LOOKUPS_MAX);
  const asked = settled.map(({ intent: { clientOrderId, decidedAtMs } }) => ({
    clientOrderId,
    sinceMs: decidedAtMs - CLOCK_MARGIN_MS,
  }));
  const together = await lookUpTogether(deps.broker, asked);
  const late: LateFill[] = [];
  for (const order of settled) {
    const { clientOrderId } = order.intent;
    const report = together.get(clientOrderId) ?? (await lookUp(deps.broker, clientOrderId));
    if (typeof report === "string") continue;
    if (isLateFill({ order, report })) late.push({ order, report });
  }
  return late;
};
