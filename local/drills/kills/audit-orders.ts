import {
  decisionOfClientOrderId,
  parseClientOrderId,
} from "../../../shared/domain/orders/client-order-id.ts";
import type { Order } from "../../exchange/core/order.ts";
import { ownOrders } from "../compare-ledger.ts";
import type { DrillWorld } from "../drill-world.ts";
import { loadCell } from "../settle-world.ts";

/** What the exchange's book shows of the orders that it was sent, held against the ledger. */
export type OrderAudit = {
  readonly ordersSent: number;
  readonly fills: number;
  /** Orders beyond the first of one decision, whatever id they had. */
  readonly duplicates: number;
  /** Orders that the ledger never claimed, or only after the exchange had them. */
  readonly unguarded: number;
};

type Books = Pick<DrillWorld, "exchange" | "ledger">;

/** Audits every order of the book, afterwards and from what is stored alone. */
export const auditOrders = async (world: Books, account: string): Promise<OrderAudit> => {
  const orders = ownOrders(world.exchange);
  const { inFlight } = await loadCell(world, account);
  let unguarded = 0;
  for (const order of orders) {
    const inCell = inFlight[order.clientOrderId]?.claimedAtMs ?? Infinity;
    const claimedAtMs = Math.min(inCell, await firstClaimOf(world, order));
    if (claimedAtMs > order.createdAtMs) unguarded++;
  }
  const decisions = new Set(
    orders.map(({ clientOrderId }) => decisionOfClientOrderId(clientOrderId)),
  );
  return {
    ordersSent: orders.length,
    fills: world.exchange.listFills().length,
    duplicates: orders.length - decisions.size,
    unguarded,
  };
};

/** When the ledger's history says that an order was claimed first, epoch ms; never is Infinity. */
const firstClaimOf = async ({ ledger }: Books, order: Order): Promise<number> => {
  const id = parseClientOrderId(order.clientOrderId);
  const events = id === undefined ? undefined : await ledger.loadEvents(id);
  if (events?.ok !== true) return Infinity;
  return events.value.find(({ type }) => type === "claimed")?.atMs ?? Infinity;
};
