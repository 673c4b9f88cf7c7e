import { marketPhase } from "../domain/market/calendar.ts";
import type { BrokerObservation, Lookup } from "../domain/reconciliation/broker-observation.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";

/**
 * Reads the broker in the order that makes a fill in between look like an order that may still
 * fill: open orders, every claimed order, positions, account. One fault ends the reading.
 */
export const observeBroker = async (
  deps: { readonly broker: Broker; readonly clock: Clock },
  cell: ControlCell,
): Promise<Result<BrokerObservation, VendorFault>> => {
  const openOrders = await deps.broker.listOpenOrders();
  if (!openOrders.ok) return err(openOrders.error);
  const openById = new Map(openOrders.value.map((order) => [order.clientOrderId, order]));
  const lookups = new Map<string, Lookup>();
  for (const claim of Object.values(cell.inFlight)) {
    const open = openById.get(claim.clientOrderId);
    // The list shows an order without its bracket, whose legs only a look-up tells.
    const isWhole = open !== undefined && claim.protection === null;
    const { clientOrderId } = claim;
    const lookup = isWhole ? open : await lookUp(deps.broker, clientOrderId);
    // Denied and listed as open in one breath is no answer, and least of all proof of absence.
    const isContradicted = lookup === "notFound" && open !== undefined;
    lookups.set(clientOrderId, isContradicted ? "unreadable" : lookup);
  }
  const positions = await deps.broker.listPositions();
  if (!positions.ok) return err(positions.error);
  const account = await deps.broker.readAccount();
  if (!account.ok) return err(account.error);
  const atMs = deps.clock.nowMs();
  const moment = marketPhase(atMs);
  return ok({
    openOrders: openOrders.value,
    lookups,
    positions: positions.value,
    account: account.value,
    sessionDate: moment.phase === "open" ? moment.session?.date : undefined,
    atMs,
  });
};

/** What the broker says of one order; a fault is no answer, never "not there". */
export const lookUp = async (
  broker: Pick<Broker, "findOrder">,
  clientOrderId: ClientOrderId,
): Promise<Lookup> => {
  const found = await broker.findOrder(clientOrderId);
  if (!found.ok) return "unreadable";
  return found.value.type === "found" ? found.value.order : "notFound";
};
