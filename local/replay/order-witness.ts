import { listOf } from "../../shared/domain/listed-record.ts";
import { decisionOfClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { ExchangeJournal } from "../exchange/core/journal.ts";
import type { Trace } from "./trace.ts";

/** What the ledger said of intents, counted from the events that it stored. */
export type IntentCounts = {
  readonly intents: number;
  readonly approved: number;
  /** An intent with several reasons counts under each. */
  readonly denied: Readonly<Record<string, number>>;
};

/** What was found wrong at the broker; both are 0 unless something is very wrong. */
export type OrderFaults = {
  /** Broker orders beyond the first of one decision, whatever id they were sent under. */
  readonly duplicateOrders: number;
  /** Broker orders that no claim stood for in the ledger at the moment they appeared. */
  readonly unguardedOrders: number;
};

/**
 * Sees every write of the ledger and every change of the exchange, in the one order in which they
 * happened. It sits directly on both stores, so that nothing above it can hide an order from it.
 */
export type OrderWitness = {
  /** The same ledger; what it stores is seen. */
  readonly watch: (ledger: Ledger) => Ledger;
  /** The exchange's journal: it keeps nothing and sees every order when it enters the book. */
  readonly journal: ExchangeJournal;
  readonly countIntents: () => IntentCounts;
  readonly findFaults: () => OrderFaults;
};

/** A witness that has seen nothing; what it sees goes into `trace`. */
export const createOrderWitness = (trace: Pick<Trace, "add">): OrderWitness => {
  const claims = createClaimLog();
  const brokerOrders = new Map<string, { readonly decision: string; readonly hasClaim: boolean }>();
  const counts: Counts = { intents: 0, denied: new Map() };
  return {
    watch: (ledger) => ({
      ...ledger,
      appendEvents: async (clientOrderId, sequence, events) => {
        const stored = await ledger.appendEvents(clientOrderId, sequence, events);
        if (!stored.ok) return stored;
        for (const event of events) countEvent(counts, event);
        trace.add(`events ${clientOrderId} ${sequence} ${JSON.stringify(events)}`);
        return stored;
      },
      saveCell: async (next, expected) => {
        const saved = await ledger.saveCell(next, expected);
        if (saved.ok) claims.note(next);
        return saved;
      },
    }),
    journal: {
      load: () => undefined,
      commit: (change) => {
        for (const order of change.orders) {
          const { id, clientOrderId, status, filledQuantity } = order;
          trace.add(`order ${id} ${clientOrderId} ${status} ${filledQuantity}`);
          if (brokerOrders.has(id)) continue;
          // A bracket's legs enter the book with their entry, under names the broker gives them.
          const parent =
            order.parentId === undefined ? undefined : brokerOrders.get(order.parentId);
          const hasClaim = parent?.hasClaim ?? claims.stands(clientOrderId);
          const decision =
            parent === undefined ? decisionOfClientOrderId(clientOrderId) : clientOrderId;
          brokerOrders.set(id, { decision, hasClaim });
        }
        for (const fill of change.fills) trace.add(`fill ${JSON.stringify(fill)}`);
      },
    },
    countIntents: () => ({
      intents: counts.intents,
      approved: claims.count(),
      denied: Object.fromEntries(counts.denied),
    }),
    findFaults: () => {
      const orders = [...brokerOrders.values()];
      return {
        duplicateOrders: orders.length - new Set(orders.map(({ decision }) => decision)).size,
        unguardedOrders: orders.filter(({ hasClaim }) => !hasClaim).length,
      };
    },
  };
};

type Counts = { intents: number; readonly denied: Map<string, number> };

const countEvent = (counts: Counts, event: OrderEvent): void => {
  if (event.type === "intentRecorded") counts.intents++;
  if (event.type !== "denied") return;
  for (const { reason } of event.denials) {
    counts.denied.set(reason, (counts.denied.get(reason) ?? 0) + 1);
  }
};

/**
 * Knows the claims that the ledger holds now, and how many intents were ever claimed. Each account
 * has a cell of its own, the probe's too: what one says is nothing about the orders of another.
 */
const createClaimLog = () => {
  const claimed = new Set<string>();
  const cells = new Map<string, Pick<ControlCell, "version" | "inFlight">>();
  return {
    stands: (clientOrderId: string): boolean =>
      [...cells.values()].some(({ inFlight }) => Object.hasOwn(inFlight, clientOrderId)),
    note: (cell: ControlCell): void => {
      const before = cells.get(cell.account);
      // Most writes of a cell leave its claims as they are, and others nearly all of them in place.
      if (before?.inFlight !== cell.inFlight) {
        const known = before === undefined ? [] : listOf(before.inFlight).names;
        let from = 0;
        for (const clientOrderId of listOf(cell.inFlight).names) {
          const at = known.indexOf(clientOrderId, from);
          if (at === -1) claimed.add(clientOrderId);
          else from = at + 1;
        }
      }
      // Two writers may hear of their writes in another order than the store took them.
      if (cell.version > (before?.version ?? 0)) cells.set(cell.account, cell);
    },
    count: (): number => claimed.size,
  };
};
