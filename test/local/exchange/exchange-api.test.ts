import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createExchangeApi, isListed } from "../../../local/exchange/api/exchange-api.ts";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { createFaultControl } from "../../../local/exchange/faults/fault-control.ts";
import { createSeededFeed } from "../../../local/exchange/prices/seeded-feed.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { SPY, TEN_O_CLOCK_MS } from "./core/market.ts";

const feed = createSeededFeed({ seed: "fuzz", symbols: [SPY] });

const startApi = () => {
  const exchange = createExchange({
    name: "fuzz",
    startsAtMs: TEN_O_CLOCK_MS,
    startingCash: usd(100_000),
    isKnownSymbol: isListed(feed),
  });
  const answer = createExchangeApi({
    exchange,
    feed,
    flowRoutes: [],
    credentials: {
      alpacaKeyId: "key",
      alpacaSecretKey: "secret",
      unusualWhalesToken: "token",
      polygonKey: "polygon",
      tiingoToken: "tiingo",
    },
    faults: createFaultControl(() => 0),
    requestsPerMinute: 1_000_000,
  });
  const headers = { "apca-api-key-id": "key", "apca-api-secret-key": "secret" };
  const ask = (method: string, target: string, body: string, nowMs: number) => {
    const url = new URL(`http://exchange${target}`);
    const request = { method, path: url.pathname, query: url.searchParams, headers, body };
    return answer(request, nowMs);
  };
  return { exchange, ask };
};

const scalar = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("1", "0.5", "-1", "1e9", "9000000", "900000000000", "100.00", "0.0001"),
);
const someOf = (values: readonly string[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: scalar });
const hostileOrder = fc.record(
  {
    symbol: someOf(["SPY", "NOPE", "spy"]),
    side: someOf(["buy", "sell"]),
    type: someOf(["market", "limit", "stop", "stop_limit", "trailing_stop"]),
    time_in_force: someOf(["day", "gtc", "opg", "cls", "ioc", "fok"]),
    qty: scalar,
    notional: scalar,
    limit_price: scalar,
    stop_price: scalar,
    order_class: someOf(["", "simple", "bracket", "oco", "oto"]),
    take_profit: fc.oneof(scalar, fc.record({ limit_price: scalar })),
    stop_loss: fc.oneof(scalar, fc.record({ stop_price: scalar, limit_price: scalar })),
    client_order_id: scalar,
    extended_hours: scalar,
  },
  { requiredKeys: [] },
);

describe("the API of the simulated exchange", () => {
  it("answers any order with success or a reason, and goes on working", () => {
    const { exchange, ask } = startApi();
    fc.assert(
      fc.property(fc.oneof(hostileOrder, fc.anything()), (order) => {
        const nowMs = exchange.nowMs() + 1_000;
        const { status } = ask("POST", "/v2/orders", JSON.stringify(order) ?? "", nowMs);
        expect([200, 400, 403, 422]).toContain(status);
        expect(ask("GET", "/v2/account", "", nowMs).status).toBe(200);
      }),
      { numRuns: 1_000 },
    );
  });

  it("answers any path and query with a status that Alpaca could give", () => {
    const { exchange, ask } = startApi();
    const path = fc.oneof(
      fc.constantFrom("/v2/orders", "/v2/positions/SPY", "/v2/stocks/bars", "/v2/calendar"),
      fc.webPath(),
    );
    const query = fc.record(
      {
        symbols: someOf(["SPY", "SPY,NOPE", "spy"]),
        limit: scalar,
        start: scalar,
        end: scalar,
        after: scalar,
        page_token: scalar,
        status: someOf(["open", "closed", "all"]),
      },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT");
    fc.assert(
      fc.property(method, path, query, (verb, where, parameters) => {
        const text = Object.entries(parameters)
          .map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`)
          .join("&");
        const { status } = ask(verb, `${where}?${text}`, "", exchange.nowMs());
        expect([200, 204, 207, 400, 401, 404, 422]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  it("closes a part of a position by quantity and by percentage", () => {
    const { exchange, ask } = startApi();
    const order = { symbol: "SPY", side: "buy", type: "market", time_in_force: "day", qty: "8" };
    expect(ask("POST", "/v2/orders", JSON.stringify(order), TEN_O_CLOCK_MS).status).toBe(200);
    const close = (query: string) =>
      ask("DELETE", `/v2/positions/SPY?${query}`, "", exchange.nowMs() + 60_000);
    expect(close("qty=2").body).toMatchObject({ qty: "2", side: "sell" });
    expect(close("percentage=50").body).toMatchObject({ qty: "3" });
    expect(close("percentage=200").status).toBe(422);
    expect(close("").body).toMatchObject({ qty: "3" });
    expect(close("").status).toBe(404);
  });

  it("sees what happened while it was down: a stop is reached, a day order expires", () => {
    const { exchange, ask } = startApi();
    const order = { symbol: "SPY", side: "buy", type: "limit", time_in_force: "day", qty: "1" };
    const resting = JSON.stringify({ ...order, limit_price: "1.00" });
    expect(ask("POST", "/v2/orders", resting, TEN_O_CLOCK_MS).status).toBe(200);
    ask("GET", "/v2/account", "", TEN_O_CLOCK_MS + 3 * 86_400_000);
    const [expired] = exchange.listOrders({ status: "all", limit: 1, direction: "asc" });
    expect(expired?.status).toBe("expired");
  });
});
