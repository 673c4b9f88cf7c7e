import { marketPhase } from "../domain/market/calendar.ts";
import type { BrokerObservation, Lookup } from "../domain/reconciliation/broker-observation.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { BrokerOrder } from "../domain/orders/broker-state.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { Claim, ControlCell } from "../domain/risk/control-cell.ts";
import type { AskedOrder, Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";

/** How far the broker's clock may be behind ours when it stamps an order. */
export const CLOCK_MARGIN_MS = 60_000;
/** Orders asked for at once so many times a run at most; what is left is asked for one by one. */
const LISTS_MAX = 10;

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
  const lookups = await lookUpClaims(deps.broker, cell, openOrders.value);
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

/** What the broker says of every claim, with few requests however many there are. */
const lookUpClaims = async (
  broker: Broker,
  cell: ControlCell,
  openOrders: readonly BrokerOrder[],
): Promise<ReadonlyMap<string, Lookup>> => {
  const openById = new Map(openOrders.map((order) => [order.clientOrderId, order]));
  const lookups = new Map<string, Lookup>();
  const claims = Object.values(cell.inFlight);
  // The list shows an order without its bracket, whose legs only a look-up tells.
  const isWhole = ({ clientOrderId, protection }: Claim): boolean =>
    protection === null && openById.has(clientOrderId);
  const together = await lookUpTogether(
    broker,
    claims.filter((claim) => !isWhole(claim)).map(askedOf),
  );
  for (const claim of claims) {
    const { clientOrderId } = claim;
    const open = openById.get(clientOrderId);
    const told = isWhole(claim) ? open : together.get(clientOrderId);
    const lookup = told ?? (await lookUp(broker, clientOrderId));
    // Denied and listed as open in one breath is no answer, and least of all proof of absence.
    const isContradicted = lookup === "notFound" && open !== undefined;
    lookups.set(clientOrderId, isContradicted ? "unreadable" : lookup);
  }
  return lookups;
};

const askedOf = ({ clientOrderId, claimedAtMs }: Claim): AskedOrder => ({
  clientOrderId,
  sinceMs: claimedAtMs - CLOCK_MARGIN_MS,
});

/**
 * What many-at-once answers tell of these orders; what is missing was not answered for. The oldest
 * that is left is where each answer begins, so that long stretches between orders are skipped.
 */
export const lookUpTogether = async (
  broker: Pick<Broker, "findOrders">,
  asked: readonly AskedOrder[],
): Promise<ReadonlyMap<string, Lookup>> => {
  const told = new Map<string, Lookup>();
  let left = asked.toSorted((one, other) => one.sinceMs - other.sinceMs);
  // One that is alone costs as much by itself.
  for (let lists = 0; lists < LISTS_MAX && left.length > 1; lists++) {
    const found = await broker.findOrders(left);
    // One by one they would only meet the same fault, and use up what exits need.
    if (!found.ok) {
      for (const { clientOrderId } of left) told.set(clientOrderId, "unreadable");
      break;
    }
    for (const [clientOrderId, order] of found.value) told.set(clientOrderId, order);
    // The first was among what was looked at: asked for again, it would be missing again.
    left = left.slice(1).filter(({ clientOrderId }) => !told.has(clientOrderId));
  }
  return told;
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
