import * as z from "zod";
import type { Exchange } from "../core/exchange.ts";
import type { Fill } from "../core/fill.ts";
import { alpacaError, type Route, type RouteAnswer, type RouteInput } from "./api.ts";
import { parseBody } from "./order-body.ts";
import { toWireAccount, toWireConfigurations } from "./wire-account.ts";
import { toWireFill } from "./wire-order.ts";
import { parseWireTime } from "./wire-time.ts";

const ACTIVITIES_LIMIT_MAX = 100;

const Configurations = z.object({
  suspend_trade: z.boolean().optional(),
  no_shorting: z.boolean().optional(),
});

/** Alpaca's account, its switches, and its executions, over an exchange. */
export const createAccountRoutes = (exchange: Exchange): readonly Route[] => [
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
