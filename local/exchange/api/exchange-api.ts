import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Order } from "../core/order.ts";
import { distortBody, type Json } from "../faults/distort-body.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import { createPartialFills } from "../faults/partial-fills.ts";
import { createMarketDriver } from "../market-driver.ts";
import type { MarketFeed } from "../prices/market-feed.ts";
import {
  alpacaError,
  createRouter,
  type ApiAnswer,
  type ApiRequest,
  type Route,
  type RouteAnswer,
} from "./api.ts";
import { createCalendarRoutes } from "./calendar-routes.ts";
import { createMarketDataRoutes } from "./market-data-routes.ts";
import { createRateLimit } from "./rate-limit.ts";
import { refusalAnswer } from "./refusal-answer.ts";
import { createTradingRoutes } from "./trading-routes.ts";

/** Orders that faults hide or fill late are few; more are forgotten oldest first. */
const REMEMBERED_MAX = 1_000;

/** The keys that a client must show. */
type ExchangeCredentials = {
  readonly alpacaKeyId: string;
  readonly alpacaSecretKey: string;
  readonly unusualWhalesToken: string;
};

/** What the API stands on. The flow routes answer for Unusual Whales. */
export type ExchangeApiDependencies = {
  readonly exchange: Exchange;
  readonly feed: MarketFeed;
  readonly flowRoutes: readonly Route[];
  readonly credentials: ExchangeCredentials;
  readonly faults: FaultControl;
  readonly requestsPerMinute: number;
};

/** Answers a request at a moment, epoch ms; everything but the sending. */
export type AnswerRequest = (request: ApiRequest, nowMs: number) => ApiAnswer;

/**
 * Creates the whole API as a function, so that HTTP is only a way to reach it: Alpaca's trading and
 * market data, Unusual Whales, and the faults that were armed.
 */
export const createExchangeApi = (deps: ExchangeApiDependencies): AnswerRequest => {
  const { exchange, feed, faults, credentials, requestsPerMinute } = deps;
  const drive = createMarketDriver(exchange, feed);
  exchange.setOfferShares(createPartialFills(faults));
  const hidden = createHiddenOrders(exchange);
  const lateFills = createLateFills(exchange);
  const trading = createScope(
    [
      ...createTradingRoutes({ exchange, isHidden: hidden.isHidden }),
      ...createCalendarRoutes(feed.symbols),
    ],
    requestsPerMinute,
    (request) => checkAlpacaKeys(request, credentials),
  );
  const data = createScope(createMarketDataRoutes(feed), requestsPerMinute, (request) =>
    checkAlpacaKeys(request, credentials),
  );
  const flow = createScope(deps.flowRoutes, Infinity, (request) =>
    checkBearer(request, credentials),
  );
  const scopeOf = (path: string): Scope =>
    path.startsWith("/api/") ? flow : isMarketData(path) ? data : trading;
  return (request, nowMs) => {
    drive(nowMs);
    lateFills.run(nowMs);
    const line = `${request.method} ${request.path}`;
    const before = scopeOf(request.path).check(request, nowMs) ?? strikeBefore(faults, line, nowMs);
    if (before !== undefined) return { ...before, delivery: { type: "normal" } };
    const answer = scopeOf(request.path).answer(request, nowMs);
    const isDone = answer.status < 300;
    if (isDone && request.method === "POST") hidden.afterSubmission(faults, line, answer, nowMs);
    if (isDone && request.method === "DELETE") lateFills.plan(faults, line, request.path, nowMs);
    return strikeAfter(faults, line, answer);
  };
};

const isMarketData = (path: string): boolean =>
  path.startsWith("/v2/stocks/") || path.startsWith("/v1beta1/");

type Scope = {
  /** Refuses whoever may not ask, or asks too often. */
  readonly check: (request: ApiRequest, nowMs: number) => RouteAnswer | undefined;
  readonly answer: (request: ApiRequest, nowMs: number) => RouteAnswer;
};

const createScope = (
  routes: readonly Route[],
  perMinute: number,
  checkKeys: (request: ApiRequest) => RouteAnswer | undefined,
): Scope => {
  const find = createRouter(routes);
  const limit = createRateLimit(perMinute);
  let headers: Readonly<Record<string, string>> = {};
  return {
    check: (request, nowMs) => {
      const refusal = checkKeys(request);
      if (refusal !== undefined) return refusal;
      if (perMinute === Infinity) return undefined;
      const decision = limit(nowMs);
      ({ headers } = decision);
      return decision.isAllowed ? undefined : { ...tooManyRequests, headers };
    },
    answer: (request, nowMs) => {
      const found = find(request.method, request.path);
      const { query, body, path } = request;
      const answer =
        found === undefined
          ? alpacaError(404, 40410000, "endpoint not found")
          : found.route.answer({ parameters: found.parameters, query, body, path, nowMs });
      return { ...answer, headers: { ...headers, ...answer.headers } };
    },
  };
};

const tooManyRequests = alpacaError(429, 42910000, "too many requests.");

const checkAlpacaKeys = (
  { headers }: ApiRequest,
  { alpacaKeyId, alpacaSecretKey }: ExchangeCredentials,
): RouteAnswer | undefined => {
  const keyId = headers["apca-api-key-id"];
  const secretKey = headers["apca-api-secret-key"];
  if (keyId === undefined || secretKey === undefined) {
    return alpacaError(401, 40110000, "request is not authorized");
  }
  const isRight = keyId === alpacaKeyId && secretKey === alpacaSecretKey;
  return isRight ? undefined : { status: 403, body: { message: "forbidden." } };
};

const checkBearer = (
  { headers }: ApiRequest,
  { unusualWhalesToken }: ExchangeCredentials,
): RouteAnswer | undefined =>
  headers["authorization"] === `Bearer ${unusualWhalesToken}`
    ? undefined
    : { status: 401, body: { msg: "The API token is missing or wrong." } };

/** What strikes before anything has happened. */
const strikeBefore = (
  faults: FaultControl,
  line: string,
  nowMs: number,
): RouteAnswer | undefined => {
  if (faults.strike("rateLimit", line) !== undefined) {
    const resetAt = (Math.floor(nowMs / 60_000) + 1) * 60;
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(resetAt) };
    return { ...tooManyRequests, headers };
  }
  const error = faults.strike("errorBefore", line);
  if (error !== undefined) return serverError(error.status);
  if (faults.strike("washTrade", line) === undefined) return undefined;
  return refusalAnswer({
    type: "WashTrade",
    existingOrderId: "00000000-0000-4000-a000-000000000000",
    rejectReason: "opposite side market/stop order exists",
  });
};

/** What strikes an answer after everything has happened. */
const strikeAfter = (faults: FaultControl, line: string, answer: RouteAnswer): ApiAnswer => {
  if (faults.strike("dropAnswer", line) !== undefined) {
    return { ...answer, delivery: { type: "dropped" } };
  }
  const error = faults.strike("errorAfter", line);
  if (error !== undefined) return { ...serverError(error.status), delivery: { type: "normal" } };
  const late = faults.strike("lateAnswer", line);
  const body = answer.body === undefined ? undefined : distort(faults, line, answer.body);
  return {
    ...answer,
    body,
    delivery: late === undefined ? { type: "normal" } : { type: "late", delayMs: late.delayMs },
  };
};

const serverError = (status: number): RouteAnswer => ({
  status,
  body: { message: "internal server error occurred" },
});

const distort = (faults: FaultControl, line: string, body: Json): Json => {
  let distorted = body;
  for (const name of ["removeField", "renameField", "changeType"] as const) {
    const fault = faults.strike(name, line);
    if (fault !== undefined) distorted = distortBody(distorted, fault);
  }
  if (!Array.isArray(distorted)) return distorted;
  if (faults.strike("repeatEvents", line) !== undefined) {
    distorted = distorted.flatMap((each: Json) => [each, each]);
  }
  if (faults.strike("reorderEvents", line) !== undefined && Array.isArray(distorted)) {
    distorted = distorted.toReversed();
  }
  return distorted;
};

/** Orders that the hideOrder fault keeps out of sight, with their legs. */
const createHiddenOrders = (exchange: Exchange) => {
  const untilMs = new Map<string, number>();
  return {
    isHidden: (order: Order): boolean =>
      (untilMs.get(order.parentId ?? order.id) ?? 0) > exchange.nowMs(),
    afterSubmission: (
      faults: FaultControl,
      line: string,
      { body }: RouteAnswer,
      nowMs: number,
    ): void => {
      if (body === null || typeof body !== "object" || !("id" in body)) return;
      if (typeof body.id !== "string") return;
      const fault = faults.strike("hideOrder", line);
      if (fault !== undefined) remember(untilMs, body.id, nowMs + fault.forMs);
    },
  };
};

/** Cancelled orders that the fillAfterCancel fault fills all the same. */
const createLateFills = (exchange: Exchange) => {
  const dueAtMs = new Map<string, number>();
  return {
    plan: (faults: FaultControl, line: string, path: string, nowMs: number): void => {
      const id = /^\/v2\/orders\/([^/]+)$/.exec(path)?.[1];
      const fault = id === undefined ? undefined : faults.strike("fillAfterCancel", line);
      if (id !== undefined && fault !== undefined) remember(dueAtMs, id, nowMs + fault.delayMs);
    },
    run: (nowMs: number): void => {
      for (const [id, atMs] of dueAtMs) {
        if (atMs > nowMs) continue;
        // While the cancellation is pending the late report waits for it.
        const order = exchange.getOrder(id);
        if (order?.status === "pending_cancel") continue;
        exchange.fillAfterCancel(id, nowMs);
        dueAtMs.delete(id);
      }
    },
  };
};

const remember = (times: Map<string, number>, id: string, atMs: number): void => {
  const [oldest] = times.keys();
  if (times.size >= REMEMBERED_MAX && oldest !== undefined) times.delete(oldest);
  times.set(id, atMs);
};

/** Symbols that the API lists; the exchange refuses orders in any other. */
export const isListed = (feed: MarketFeed): ((symbol: Ticker) => boolean) => {
  const symbols = new Set(feed.symbols);
  return (symbol) => symbols.has(symbol);
};
