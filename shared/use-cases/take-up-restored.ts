import { claimOfLost, lacksClaim, missingEvents } from "../domain/backup/take-up-order.ts";
import { RetryableError } from "../domain/fault.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import type { BrokerOrder } from "../domain/orders/broker-state.ts";
import {
  accountOfClientOrderId,
  type ClientOrderId,
  parseClientOrderId,
} from "../domain/orders/client-order-id.ts";
import type { Order } from "../domain/orders/order.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { type Claim, type ControlCell, holdingOf } from "../domain/risk/control-cell.ts";
import { dayOf, nextCell } from "../domain/risk/next-cell.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { VendorFault } from "../ports/vendor-fault.ts";
import { type CellWriterDeps, updateOwnCell } from "./update-cell.ts";

/** What taking up needs. */
export type TakeUpRestoredDeps = CellWriterDeps & {
  readonly broker: Pick<Broker, "listOrders" | "findOrder">;
  readonly clock: Pick<Clock, "nowMs">;
};

/**
 * Claims of lost orders that the cell takes at once; reconciliation settles them, then more come.
 */
const CLAIMS_MAX = 100;
/** How far the broker's clock may be behind ours when it stamps an order. */
const CLOCK_MARGIN_MS = 60_000;

/** The cell to reconcile, and whether every lost order is in the ledger again. */
export type TakenUp = { readonly cell: ControlCell; readonly isComplete: boolean };

/**
 * Gives a restored ledger back the orders that it lost: every order of ours that reached the broker
 * since the backup gets its history and, as the holdings know nothing of it, a claim with nothing
 * filled. Reconciliation then books it like any other order, and compares what comes out with the
 * broker's positions: nothing is taken over on trust. Done again it finds nothing left to do. What
 * could not be read of the broker ends the run.
 */
export const takeUpRestored = async (
  deps: TakeUpRestoredDeps,
  cell: ControlCell,
): Promise<Result<TakenUp, VendorFault>> => {
  const { restoredAsOfMs } = cell.reconciliation;
  if (restoredAsOfMs === undefined) return ok({ cell, isComplete: true });
  const listed = await deps.broker.listOrders(restoredAsOfMs - CLOCK_MARGIN_MS);
  if (!listed.ok) return err(listed.error);
  const claims: Claim[] = [];
  // A bracket around what is held may stand for months: it is nothing that has to settle first.
  const unsettled = Object.values(cell.inFlight).filter(({ stage }) => stage !== "protecting");
  const room = CLAIMS_MAX - unsettled.length;
  let isComplete = true;
  for (const [clientOrderId, listedAs] of ownOrders(cell, listed.value)) {
    const known = await loadHistory(deps, clientOrderId);
    if (known === "damaged" || isSettled(known, listedAs)) continue;
    isComplete = claims.length < room;
    if (!isComplete) break;
    const report = await wholeOrder(deps, clientOrderId, listedAs);
    if (!report.ok) return err(report.error);
    const order = await completeHistory(deps, cell, { clientOrderId, known, report: report.value });
    if (order !== undefined && lacksClaim(order))
      claims.push(claimOfLost(order, report.value, cell.epoch));
  }
  if (claims.length === 0) return ok({ cell, isComplete });
  const taken = await updateOwnCell(deps, cell, (current) => {
    // A run beside this one may have booked the same orders and let their claims go since: a claim
    // that was decided on an older cell would have them booked twice.
    if (current.version === cell.version) return addClaims(current, claims);
    throw new RetryableError("The cell has changed while lost orders were taken up.");
  });
  return ok({ cell: taken, isComplete });
};

/** Orders of this account that no claim stands for, oldest first, each once. */
const ownOrders = (
  cell: ControlCell,
  reports: readonly BrokerOrder[],
): ReadonlyMap<ClientOrderId, BrokerOrder> => {
  const own = new Map<ClientOrderId, BrokerOrder>();
  for (const report of reports) {
    const id = parseClientOrderId(report.clientOrderId);
    if (id === undefined || accountOfClientOrderId(id) !== cell.account) continue;
    if (cell.inFlight[id] === undefined) own.set(id, report);
  }
  return own;
};

/** A damaged history stays as it is; reconciliation names what it cannot explain without it. */
const loadHistory = async (
  { ledger }: TakeUpRestoredDeps,
  clientOrderId: ClientOrderId,
): Promise<Order | "damaged" | undefined> => {
  const loaded = await ledger.loadOrder(clientOrderId);
  if (loaded.ok) return loaded.value;
  if (loaded.error.type === "LedgerCorrupt") return "damaged";
  throw new RetryableError(`The order was not read: ${loaded.error.detail}`);
};

/** Whether ledger and broker have nothing to say to each other about an order that is over. */
const isSettled = (known: Order | undefined, report: BrokerOrder): boolean => {
  if (known === undefined || lacksClaim(known)) return false;
  const at = { epoch: 0, atMs: 0 };
  return missingEvents(known.intent.clientOrderId, known, report, at).length === 0;
};

/** The list may show an entry without its bracket, whose prices only a look-up tells. */
const wholeOrder = async (
  { broker }: TakeUpRestoredDeps,
  clientOrderId: ClientOrderId,
  listedAs: BrokerOrder,
): Promise<Result<BrokerOrder, VendorFault>> => {
  if (listedAs.legs.length > 0) return ok(listedAs);
  const found = await broker.findOrder(clientOrderId);
  if (!found.ok) return found;
  // Listed and denied in one breath: the list has the order, and the next run asks again.
  return ok(found.value.type === "found" ? found.value.order : listedAs);
};

/** The order with a history that goes as far as the broker's word. */
const completeHistory = async (
  { ledger, clock }: TakeUpRestoredDeps,
  cell: ControlCell,
  found: {
    readonly clientOrderId: ClientOrderId;
    readonly known: Order | undefined;
    readonly report: BrokerOrder;
  },
): Promise<Order | undefined> => {
  const { clientOrderId, known, report } = found;
  const at = { epoch: cell.epoch, atMs: Math.floor(clock.nowMs()) };
  const events = missingEvents(clientOrderId, known, report, at);
  if (events.length === 0) return known;
  const stored = await ledger.appendEvents(clientOrderId, known?.eventCount ?? 0, events);
  const completed = stored.ok ? await ledger.loadOrder(clientOrderId) : stored;
  if (completed.ok && completed.value !== undefined) return completed.value;
  throw new RetryableError("The history of a lost order was not written.");
};

/** Claims that somebody else has made meanwhile stay as they are. */
const addClaims = (cell: ControlCell, claims: readonly Claim[]): ControlCell => {
  const fresh = claims.filter(({ clientOrderId }) => cell.inFlight[clientOrderId] === undefined);
  return fresh.reduce(addClaim, cell);
};

/** As a claim at the time would have: it counts for the day and for the symbol's cooldown. */
const addClaim = (cell: ControlCell, claim: Claim): ControlCell => {
  const { symbol, purpose, claimedAtMs, clientOrderId } = claim;
  const isEntry = purpose === "entry";
  const sessionDate = epochMsToNewYork(claimedAtMs).date;
  const isOfToday = cell.day === null || cell.day.sessionDate <= sessionDate;
  const day = isOfToday ? dayOf(cell, sessionDate) : cell.day;
  const counted =
    day === null || !isOfToday
      ? day
      : { ...day, entries: day.entries + (isEntry ? 1 : 0), exits: day.exits + (isEntry ? 0 : 1) };
  const holding = holdingOf(cell, symbol);
  const lastEntryAtMs = Math.max(holding.lastEntryAtMs ?? 0, claimedAtMs);
  return nextCell(cell, {
    day: counted,
    inFlight: { ...cell.inFlight, [clientOrderId]: claim },
    ...(isEntry ? { holdings: { ...cell.holdings, [symbol]: { ...holding, lastEntryAtMs } } } : {}),
  });
};
