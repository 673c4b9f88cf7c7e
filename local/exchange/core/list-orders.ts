import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { isOpen, type Order, type OrderSide } from "./order.ts";
import type { ExchangeState } from "./state.ts";

/** Which orders to list; times are epoch ms of submission, both exclusive. */
export type OrderQuery = {
  readonly status: "open" | "closed" | "all";
  readonly limit: number;
  readonly direction: "asc" | "desc";
  readonly afterMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly symbols?: readonly Ticker[] | undefined;
  readonly side?: OrderSide | undefined;
  /** Leave out legs, because they are shown below their parents. */
  readonly isNested?: boolean | undefined;
};

/** Lists orders by submission, at most `limit` of them. */
export const listOrders = (state: ExchangeState, query: OrderQuery): readonly Order[] => {
  const from = query.status === "open" ? state.open : state.orders;
  return [...from.values()]
    .filter((order) => matches(order, query))
    .toSorted((left, right) => (left.sequence - right.sequence) * sign(query))
    .slice(0, query.limit);
};

const sign = ({ direction }: OrderQuery): 1 | -1 => (direction === "asc" ? 1 : -1);

const matches = (order: Order, query: OrderQuery): boolean =>
  (query.status !== "closed" || !isOpen(order)) &&
  (query.afterMs === undefined || order.createdAtMs > query.afterMs) &&
  (query.untilMs === undefined || order.createdAtMs < query.untilMs) &&
  (query.symbols === undefined || query.symbols.includes(order.symbol)) &&
  (query.side === undefined || order.side === query.side) &&
  (query.isNested !== true || order.parentId === undefined);
