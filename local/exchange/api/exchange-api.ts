import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Exchange } from "../core/exchange.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import { createPartialFills } from "../faults/partial-fills.ts";
import { createMarketDriver } from "../market-driver.ts";
import type { MarketFeed } from "../prices/market-feed.ts";
import { createVendorFeed, type VendorFeed } from "../vendors/vendor-feed.ts";
import { vendorOfPath, type FeedVendor } from "../vendors/vendor-paths.ts";
import { createAccountRoutes } from "./account-routes.ts";
import {
  alpacaError,
  createRouter,
  type ApiAnswer,
  type ApiRequest,
  type Route,
  type RouteAnswer,
} from "./api.ts";
import { createCalendarRoutes } from "./calendar-routes.ts";
import {
  checkAlpacaKeys,
  checkBearer,
  checkPolygonKey,
  checkTiingoToken,
  type ExchangeCredentials,
} from "./check-keys.ts";
import { createMarketDataRoutes } from "./market-data-routes.ts";
import { createHiddenOrders, createLateFills } from "./order-faults.ts";
import { createOrderRoutes } from "./order-routes.ts";
import { createPolygonRoutes } from "./polygon-routes.ts";
import { createPositionRoutes } from "./position-routes.ts";
import { createRateLimit } from "./rate-limit.ts";
import { strikeAfter, strikeBefore } from "./strike-faults.ts";
import { createTiingoRoutes } from "./tiingo-routes.ts";
import { vendorTooMany } from "./vendor-errors.ts";
import { createYahooRoutes } from "./yahoo-routes.ts";

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
      ...createOrderRoutes(exchange, hidden.isHidden),
      ...createPositionRoutes(exchange),
      ...createAccountRoutes(exchange),
      ...createCalendarRoutes(feed.symbols),
    ],
    requestsPerMinute,
    (request) => checkAlpacaKeys(request, credentials),
  );
  const vendors = createVendorScopes(deps);
  const flow = createScope(deps.flowRoutes, Infinity, (request) =>
    checkBearer(request, credentials),
  );
  return (request, nowMs) => {
    drive(nowMs);
    lateFills.run(nowMs);
    const line = `${request.method} ${request.path}`;
    const vendor = vendorOfPath(request.path);
    const market = vendor === undefined ? undefined : vendors[vendor];
    const scope = market?.scope ?? (request.path.startsWith("/api/") ? flow : trading);
    const before = scope.check(request, nowMs) ?? strikeBefore(faults, line, nowMs);
    if (before !== undefined) return { ...before, delivery: { type: "normal" } };
    const answer = scope.answer(request, nowMs);
    const isDone = answer.status < 300;
    if (isDone && request.method === "POST") hidden.afterSubmission(faults, line, answer, nowMs);
    if (isDone && request.method === "DELETE") lateFills.plan(faults, line, request.path, nowMs);
    return strikeAfter(faults, line, answer, market?.feed.latencyMsAt(nowMs) ?? 0);
  };
};

/** A vendor's routes, and the look at the market that they are made from. */
type VendorScope = { readonly feed: VendorFeed; readonly scope: Scope };

const createVendorScopes = ({
  feed,
  faults,
  credentials,
  requestsPerMinute,
}: ExchangeApiDependencies): Readonly<Record<FeedVendor, VendorScope>> => {
  const feedOf = (vendor: FeedVendor): VendorFeed => createVendorFeed({ feed, vendor, faults });
  const [alpaca, polygon] = [feedOf("alpaca"), feedOf("polygon")];
  const [yahoo, tiingo] = [feedOf("yahoo"), feedOf("tiingo")];
  return {
    alpaca: {
      feed: alpaca,
      scope: createScope(createMarketDataRoutes(feed, alpaca), requestsPerMinute, (request) =>
        checkAlpacaKeys(request, credentials),
      ),
    },
    polygon: {
      feed: polygon,
      scope: createScope(createPolygonRoutes(polygon), Infinity, (request) =>
        checkPolygonKey(request, credentials),
      ),
    },
    yahoo: {
      feed: yahoo,
      scope: createScope(createYahooRoutes(yahoo), Infinity, () => undefined),
    },
    tiingo: {
      feed: tiingo,
      scope: createScope(createTiingoRoutes(tiingo), Infinity, (request) =>
        checkTiingoToken(request, credentials),
      ),
    },
  };
};

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
      return decision.isAllowed ? undefined : { ...vendorTooMany(undefined), headers };
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

/** Symbols that the API lists; the exchange refuses orders in any other. */
export const isListed = (feed: MarketFeed): ((symbol: Ticker) => boolean) => {
  const symbols = new Set(feed.symbols);
  return (symbol) => symbols.has(symbol);
};
