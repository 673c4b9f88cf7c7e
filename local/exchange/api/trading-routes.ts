import * as z from "zod";
import { parseQuantity } from "../../../shared/domain/market/quantity.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { Exchange } from "../core/exchange.ts";
import type { OrderQuery } from "../core/list-orders.ts";
import type { Order } from "../core/order.ts";
import type { Fill } from "../core/fill.ts";
import { alpacaError, type Route, type RouteAnswer, type RouteInput } from "./api.ts";
import { parseBody, parseOrderBody, parseReplaceBody } from "./order-body.ts";
import { refusalAnswer } from "./refusal-answer.ts";
import { toWireAccount, toWireConfigurations, toWirePosition } from "./wire-account.ts";
import { toWireFill, toWireOrder } from "./wire-order.ts";
import { parseWireTime } from "./wire-time.ts";

const ORDERS_LIMIT = 50;
const ORDERS_LIMIT_MAX = 500;
const ACTIVITIES_LIMIT_MAX = 100;

/** What the trading routes work on; a hidden order is one that a fault keeps out of sight. */
export type TradingDependencies = {
  readonly exchange: Exchange;
  readonly isHidden: (order: Order) => boolean;
};

/** Alpaca's trading API over the exchange: orders, positions, account and executions. */
export const createTradingRoutes = (deps: TradingDependencies): readonly Route[] => [
  ...createOrderRoutes(deps),
  ...createPositionRoutes(deps),
  ...createAccountRoutes(deps),
];

const createOrderRoutes = ({ exchange, isHidden }: TradingDependencies): readonly Route[] => {
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

const createPositionRoutes = ({ exchange }: TradingDependencies): readonly Route[] => [
  {
    method: "GET",
    pattern: "/v2/positions",
    answer: () => ({ status: 200, body: exchange.listPositions().map(toWirePosition) }),
  },
  {
    method: "DELETE",
    pattern: "/v2/positions",
    answer: ({ query, nowMs }) => {
      const cancelOrders = query.get("cancel_orders") === "true";
      const closings = exchange.closeAllPositions({ cancelOrders }, nowMs);
      return {
        status: 207,
        body: closings.map(({ symbol, result }) => {
          const answer = result.ok
            ? { status: 200, body: toWireOrder(result.value, undefined) }
            : refusalAnswer(result.error);
          return { symbol, status: answer.status, body: answer.body };
        }),
      };
    },
  },
  {
    method: "GET",
    pattern: "/v2/positions/{symbol}",
    answer: ({ parameters }) => {
      const symbol = parseTicker(parameters["symbol"] ?? "");
      const position = symbol === undefined ? undefined : exchange.getPosition(symbol);
      return position === undefined
        ? refusalAnswer({ type: "PositionNotFound", symbol: parameters["symbol"] ?? "" })
        : { status: 200, body: toWirePosition(position) };
    },
  },
  {
    method: "DELETE",
    pattern: "/v2/positions/{symbol}",
    answer: ({ parameters, query, nowMs }) => {
      const symbol = parseTicker(parameters["symbol"] ?? "");
      if (symbol === undefined) {
        return refusalAnswer({ type: "PositionNotFound", symbol: parameters["symbol"] ?? "" });
      }
      const raw = query.get("qty");
      const quantity = raw === null ? undefined : parseQuantity(raw);
      if (query.has("percentage") || (raw !== null && quantity === undefined)) {
        return alpacaError(
          422,
          40010001,
          "qty must be a valid number, percentage is not supported",
        );
      }
      const result = exchange.closePosition(symbol, quantity, nowMs);
      return result.ok
        ? { status: 200, body: toWireOrder(result.value, undefined) }
        : refusalAnswer(result.error);
    },
  },
];

const Configurations = z.object({
  suspend_trade: z.boolean().optional(),
  no_shorting: z.boolean().optional(),
});

const createAccountRoutes = ({ exchange }: TradingDependencies): readonly Route[] => [
  {
    method: "GET",
    pattern: "/v2/account",
    answer: () => ({ status: 200, body: toWireAccount(exchange.getAccount()) }),
  },
  {
    method: "GET",
    pattern: "/v2/account/configurations",
    answer: () => ({ status: 200, body: toWireConfigurations(exchange.getAccount()) }),
  },
  {
    method: "PATCH",
    pattern: "/v2/account/configurations",
    answer: ({ body, nowMs }) => {
      const parsed = parseBody(body, Configurations);
      if (!parsed.ok) return parsed.error;
      const { suspend_trade: suspendTrade, no_shorting: noShorting } = parsed.value;
      const switches = {
        ...(suspendTrade === undefined ? {} : { suspendTrade }),
        ...(noShorting === undefined ? {} : { noShorting }),
      };
      return { status: 200, body: toWireConfigurations(exchange.switchAccount(switches, nowMs)) };
    },
  },
  {
    method: "GET",
    pattern: "/v2/account/activities",
    answer: (input) =>
      (input.query.get("activity_types") ?? "FILL").split(",").includes("FILL")
        ? listFills(exchange, input)
        : { status: 200, body: [] },
  },
  {
    method: "GET",
    pattern: "/v2/account/activities/{type}",
    answer: (input) =>
      input.parameters["type"] === "FILL" ? listFills(exchange, input) : { status: 200, body: [] },
  },
];

const listFills = (exchange: Exchange, { query }: RouteInput): RouteAnswer => {
  const afterMs = parseWireTime(query.get("after")) ?? -Infinity;
  const untilMs = parseWireTime(query.get("until")) ?? Infinity;
  const isAscending = query.get("direction") === "asc";
  const pageSize = Number(query.get("page_size") ?? ACTIVITIES_LIMIT_MAX);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > ACTIVITIES_LIMIT_MAX) {
    return alpacaError(422, 40010001, "page_size must be between 1 and 100");
  }
  const inTime = exchange.listFills().filter(({ atMs }) => atMs > afterMs && atMs < untilMs);
  const ordered = isAscending ? inTime : inTime.toReversed();
  return { status: 200, body: page(ordered, query.get("page_token"), pageSize).map(toWireFill) };
};

/** The page after the execution that the token names, from the start without one. */
const page = (fills: readonly Fill[], token: string | null, size: number): readonly Fill[] => {
  const from = token === null ? 0 : fills.findIndex(({ executionId }) => executionId === token) + 1;
  return fills.slice(from, from + size);
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
