import { marketPhase } from "../domain/market/calendar.ts";
import type { BrokerObservation, Lookup } from "../domain/reconciliation/broker-observation.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { BrokerOrder } from "../domain/orders/broker-state.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import { type Claim, claimsIn, type ControlCell } from "../domain/risk/control-cell.ts";
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
  const openOf = createOpenIndex(openOrders);
  const lookups = new Map<string, Lookup>();
  const asked: AskedOrder[] = [];
  for (const claim of claimsIn(cell)) {
    // The list shows an order without its bracket, whose legs only a look-up tells.
    const whole = claim.protection === null ? openOf(claim.clientOrderId) : undefined;
    if (whole === undefined) asked.push(askedOf(claim));
    else lookups.set(claim.clientOrderId, whole);
  }
  const together = await lookUpTogether(broker, asked);
  for (const { clientOrderId } of asked) {
    const lookup = together.get(clientOrderId) ?? (await lookUp(broker, clientOrderId));
    // Denied and listed as open in one breath is no answer, and least of all proof of absence.
    const isContradicted = lookup === "notFound" && openOf(clientOrderId) !== undefined;
    lookups.set(clientOrderId, isContradicted ? "unreadable" : lookup);
  }
  return lookups;
};

/** Finds an open order by its id; in most minutes none is asked for, so it is made at the first. */
const createOpenIndex = (
  openOrders: readonly BrokerOrder[],
): ((clientOrderId: string) => BrokerOrder | undefined) => {
  let index: ReadonlyMap<string, BrokerOrder> | undefined;
  return (clientOrderId) => {
    index ??= new Map(openOrders.map((order) => [order.clientOrderId, order]));
    return index.get(clientOrderId);
  };
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
  let told: ReadonlyMap<string, Lookup> = new Map();
  let left = asked.toSorted((one, other) => one.sinceMs - other.sinceMs);
  // One that is alone costs as much by itself.
  for (let lists = 0; lists < LISTS_MAX && left.length > 1; lists++) {
    const found = await broker.findOrders(left);
    // One by one they would only meet the same fault, and use up what exits need.
    if (!found.ok) {
      const unreadable = left.map(({ clientOrderId }) => [clientOrderId, "unreadable"] as const);
      return new Map([...told, ...unreadable]);
    }
    const all = told.size === 0 ? found.value : new Map([...told, ...found.value]);
    told = all;
    // The first was among what was looked at: asked for again, it would be missing again.
    left = left.slice(1).filter(({ clientOrderId }) => !all.has(clientOrderId));
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
