import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { isOpen, type Order, type OrderSide } from "./order.ts";
import { orderOf, type ExchangeState } from "./state.ts";

/** Which orders to list; times are epoch ms of submission, both exclusive. */
export type OrderQuery = {
  readonly status: "open" | "closed" | "all";
  readonly limit: number;
  readonly direction: "asc" | "desc";
  readonly afterMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly symbols?: readonly Ticker[] | undefined;
  readonly side?: OrderSide | undefined;
  /** Name the parent instead of a leg, because legs are shown below it, whatever its own status. */
  readonly isNested?: boolean | undefined;
};

/** Lists orders by submission, at most `limit` of them. */
export const listOrders = (state: ExchangeState, query: OrderQuery): readonly Order[] => {
  const from = query.status === "open" ? state.open : state.orders;
  const found = [...from.values()].filter((order) => matches(order, query));
  const listed =
    query.isNested === true ? new Set(found.map((order) => parentOf(state, order))) : found;
  return [...listed]
    .toSorted((left, right) => (left.sequence - right.sequence) * sign(query))
    .slice(0, query.limit);
};

const parentOf = (state: ExchangeState, order: Order): Order =>
  order.parentId === undefined ? order : orderOf(state, order.parentId);

const sign = ({ direction }: OrderQuery): 1 | -1 => (direction === "asc" ? 1 : -1);

const matches = (order: Order, query: OrderQuery): boolean =>
  (query.status !== "closed" || !isOpen(order)) &&
  (query.afterMs === undefined || order.createdAtMs > query.afterMs) &&
  (query.untilMs === undefined || order.createdAtMs < query.untilMs) &&
  (query.symbols === undefined || query.symbols.includes(order.symbol)) &&
  (query.side === undefined || order.side === query.side);
