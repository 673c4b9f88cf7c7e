import { type BrokerOrder, isLiveStatus } from "../domain/orders/broker-state.ts";
import { accountOfClientOrderId, parseClientOrderId } from "../domain/orders/client-order-id.ts";
import { markUnverified } from "../domain/risk/change-cell.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import { type CellWriterDeps, loadCell, updateOwnCell } from "./update-cell.ts";

/** What acting without a whole view of the broker needs. */
type ActUnreadDeps = CellWriterDeps & {
  readonly broker: Pick<Broker, "listOpenOrders" | "findOrder" | "cancelOrder">;
};

/**
 * Does what cannot wait until the broker can be read whole. A broker that changed its answers, or
 * knows us no more, stops entries at once, until a clean reconciliation. Where entries are not
 * allowed, those that work are cancelled, whatever else cannot be read: a halt must not fail in its
 * own check. Returns for how many orders it asked. Throws `RetryableError` when the ledger fails.
 */
export const actUnread = async (
  deps: ActUnreadDeps,
  loaded: ControlCell,
  fault: VendorFault,
): Promise<number> => {
  const isLasting = faultKindOf(fault) !== null;
  const before = await updateOwnCell(deps, loaded, isLasting ? markUnverified : (cell) => cell);
  if (before.tradingState.mode === "active") return 0;
  const open = await deps.broker.listOpenOrders();
  // Read after the orders: whatever was open then has its claim in this cell, or none at all.
  const cell = await loadCell(deps.ledger, before.account);
  if (cell.epoch !== loaded.epoch || cell.tradingState.mode === "active") return 0;
  const working = open.ok
    ? open.value.filter((order) => isUnwanted(cell, order))
    : await findEntries(deps, cell);
  for (const { brokerOrderId } of working) {
    // A refusal means that it is over already; a fault is met again by the next run.
    await deps.broker.cancelOrder(brokerOrderId);
  }
  return working.length;
};

/** Entries, and orders of ours that no claim stands for; exits and legs of brackets stay. */
const isUnwanted = (cell: ControlCell, order: BrokerOrder): boolean => {
  // Cancelling what is filled would take its bracket away.
  if (!isLiveStatus(order.status)) return false;
  const id = parseClientOrderId(order.clientOrderId);
  if (id === undefined || accountOfClientOrderId(id) !== cell.account) return false;
  return cell.inFlight[id] === undefined || cell.inFlight[id].purpose === "entry";
};

/** The claimed entries that work, one look-up each: the list of open orders cannot be read. */
const findEntries = async (
  deps: ActUnreadDeps,
  cell: ControlCell,
): Promise<readonly BrokerOrder[]> => {
  const working: BrokerOrder[] = [];
  for (const { clientOrderId, purpose, stage } of Object.values(cell.inFlight)) {
    if (purpose !== "entry" || stage === "protecting") continue;
    const found = await deps.broker.findOrder(clientOrderId);
    if (!found.ok || found.value.type === "notFound") continue;
    if (isLiveStatus(found.value.order.status)) working.push(found.value.order);
  }
  return working;
};
