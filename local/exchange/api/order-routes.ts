import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { Exchange } from "../core/exchange.ts";
import type { OrderQuery } from "../core/list-orders.ts";
import type { Order } from "../core/order.ts";
import { alpacaError, type Route, type RouteAnswer } from "./api.ts";
import { parseOrderBody, parseReplaceBody } from "./order-body.ts";
import { refusalAnswer } from "./refusal-answer.ts";
import { toWireOrder } from "./wire-order.ts";
import { parseWireTime } from "./wire-time.ts";

const ORDERS_LIMIT = 50;
const ORDERS_LIMIT_MAX = 500;

/** Alpaca's orders over an exchange; a hidden order is one that a fault keeps out of sight. */
export const createOrderRoutes = (
  exchange: Exchange,
  isHidden: (order: Order) => boolean,
): readonly Route[] => {
  const legsOf = (order: Order): readonly Order[] =>
    order.legIds.flatMap((id) => exchange.getOrder(id) ?? []);
  const show = (order: Order): RouteAnswer => ({ status: 200, body: toWireOrder(order, legsOf) });
  // The answer tells of the moment of acceptance, when no exit works yet.
  const showAccepted = (order: Order): RouteAnswer => ({
    status: 200,
    body: toWireOrder(order, (each) => legsOf(each).map((leg) => ({ ...leg, status: "held" }))),
  });
  const showOrNotFound = (order: Order | undefined, asked: string): RouteAnswer =>
    order === undefined || isHidden(order)
      ? refusalAnswer({ type: "OrderNotFound", id: asked })
      : show(order);
  return [
    {
      method: "POST",
      pattern: "/v2/orders",
      answer: ({ body, nowMs }) => {
        const request = parseOrderBody(body);
        if (!request.ok) return request.error;
        const result = exchange.submitOrder(request.value, nowMs);
        return result.ok ? showAccepted(result.value) : refusalAnswer(result.error);
      },
    },
    {
      method: "GET",
      pattern: "/v2/orders",
      answer: ({ query }) => {
        const parsed = parseOrderQuery(query);
        if (!parsed.ok) return parsed.error;
        const orders = exchange.listOrders(parsed.value).filter((each) => !isHidden(each));
        const nested = query.get("nested") === "true" ? legsOf : undefined;
        return { status: 200, body: orders.map((order) => toWireOrder(order, nested)) };
      },
    },
    {
      method: "DELETE",
      pattern: "/v2/orders",
      answer: ({ nowMs }) => ({
        status: 207,
        body: exchange.cancelAllOrders(nowMs).map(({ id }) => ({ id, status: 200 })),
      }),
    },
    {
      method: "GET",
      pattern: "/v2/orders:by_client_order_id",
      answer: ({ query }) => {
        const clientOrderId = query.get("client_order_id") ?? "";
        return showOrNotFound(exchange.getOrderByClientOrderId(clientOrderId), clientOrderId);
      },
    },
    {
      method: "GET",
      pattern: "/v2/orders/{id}",
      answer: ({ parameters }) =>
        showOrNotFound(exchange.getOrder(parameters["id"] ?? ""), parameters["id"] ?? ""),
    },
    {
      method: "PATCH",
      pattern: "/v2/orders/{id}",
      answer: ({ parameters, body, nowMs }) => {
        const change = parseReplaceBody(body);
        if (!change.ok) return change.error;
        const result = exchange.replaceOrder(parameters["id"] ?? "", change.value, nowMs);
        return result.ok ? show(result.value) : refusalAnswer(result.error);
      },
    },
    {
      method: "DELETE",
      pattern: "/v2/orders/{id}",
      answer: ({ parameters, nowMs }) => {
        const result = exchange.cancelOrder(parameters["id"] ?? "", nowMs);
        return result.ok ? { status: 204 } : refusalAnswer(result.error);
      },
    },
  ];
};

const parseOrderQuery = (query: URLSearchParams): Result<OrderQuery, RouteAnswer> => {
  const status = query.get("status") ?? "open";
  const direction = query.get("direction") ?? "desc";
  const side = query.get("side");
  const limit = Number(query.get("limit") ?? ORDERS_LIMIT);
  if (status !== "open" && status !== "closed" && status !== "all") {
    return err(alpacaError(422, 40010001, `invalid status: ${status}`));
  }
  if (direction !== "asc" && direction !== "desc") {
    return err(alpacaError(422, 40010001, `invalid direction: ${direction}`));
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > ORDERS_LIMIT_MAX) {
    return err(alpacaError(422, 40010001, "limit must be between 1 and 500"));
  }
  const symbols = query.get("symbols");
  return ok({
    status,
    direction,
    limit,
    afterMs: parseWireTime(query.get("after")),
    untilMs: parseWireTime(query.get("until")),
    symbols: symbols === null || symbols === "" ? undefined : tickersOf(symbols),
    side: side === "buy" || side === "sell" ? side : undefined,
    isNested: query.get("nested") === "true",
  });
};

const tickersOf = (text: string): readonly Ticker[] =>
  text.split(",").flatMap((each) => parseTicker(each.trim()) ?? []);
