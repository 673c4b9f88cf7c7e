import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createAlpacaBroker } from "../../../shared/adapters/alpaca/broker.ts";
import { createHttpClient, type HttpClient } from "../../../shared/adapters/http/http-client.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { Broker } from "../../../shared/ports/broker.ts";
import { approve, intentWith } from "../approved-intent.ts";
import { answerWith, hasOnlyFiniteNumbers, memoryHttp, mutatedJson } from "../mutated-json.ts";
import {
  closedAddress,
  json,
  startScriptedServer,
  type ScriptedServer,
  type SeenRequest,
  type Step,
} from "../scripted-server.ts";
import { accountSample, clockSample, orderSample, positionSample } from "./wire-samples.ts";

const nowMs = Date.parse("2013-10-07T13:41:30Z");
const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
const credentials = { keyId: "KEY-ID-IN-TESTS", secretKey: "SECRET-KEY-IN-TESTS" };
const approved = approve(intentWith());
const refusedAsUsed = json(422, { code: 40010001, message: "client_order_id must be unique" });
const notFound = json(404, { code: 40410000, message: "order not found" });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const brokerAt = (baseUrl: string, http?: HttpClient): Broker => {
  const client = http ?? createHttpClient({ clock });
  closers.push(client.close);
  return createAlpacaBroker({ http: client, baseUrl, credentials, clock });
};

type World = { readonly broker: Broker; readonly server: ScriptedServer };

const worldWith = async (script: (request: SeenRequest, index: number) => Step): Promise<World> => {
  const server = await startScriptedServer(script);
  closers.push(server.close);
  return { broker: brokerAt(server.url), server };
};

/** The POST gets `first`; every look-up after it gets `lookUp`. */
const submitTo = async (first: Step, lookUp: Step = { type: "drop" }) => {
  const world = await worldWith((request) => (request.method === "POST" ? first : lookUp));
  const outcome = await world.broker.submitOrder(approved, 1_000);
  const posts = world.server.seen.filter((request) => request.method === "POST");
  return { ...world, outcome, posts };
};

const lookUp = async (step: Step) => {
  const { broker } = await worldWith(() => step);
  return broker.findOrder(approved.order.clientOrderId);
};

const page = (from: number, count: number) =>
  Array.from({ length: count }, (_none, index) => ({
    ...orderSample,
    id: `order-${from + index}`,
    // Five orders of each millisecond, so that pages end within a moment.
    submitted_at: new Date(nowMs + Math.floor((from + index) / 5)).toISOString(),
  }));

const readPositions = async (...positions: unknown[]) =>
  (await worldWith(() => json(200, positions))).broker.listPositions();

const readAccount = async (account: unknown) =>
  (await worldWith(() => json(200, account))).broker.readAccount();

const brokerThatGets = (body: string, status = 200): Broker =>
  brokerAt(
    "http://broker",
    memoryHttp(() => answerWith(body, status)),
  );

describe("what is sent", () => {
  it("is a plain day order in whole shares under our own id, with the credentials", async () => {
    const { posts } = await submitTo(json(200, orderSample));
    expect(posts).toHaveLength(1);
    expect(posts[0]?.path).toBe("/v2/orders");
    expect(JSON.parse(posts[0]?.body ?? "")).toEqual({
      symbol: "SPY",
      qty: "2",
      side: "buy",
      type: "limit",
      time_in_force: "day",
      limit_price: "150.00",
      client_order_id: approved.order.clientOrderId,
    });
    expect(posts[0]?.headers).toMatchObject({
      "apca-api-key-id": credentials.keyId,
      "apca-api-secret-key": credentials.secretKey,
    });
  });

  it.each([
    ["sell", "sell_to_close"],
    ["buy", "buy_to_close"],
  ] as const)("holds an exit that may %s to closing", async (side, positionIntent) => {
    const world = await worldWith(() => json(200, orderSample));
    await world.broker.submitOrder(approve(intentWith({ purpose: "exit", side })), 1_000);
    const body: unknown = JSON.parse(world.server.seen[0]?.body ?? "");
    expect(body).toMatchObject({ side, position_intent: positionIntent });
  });

  it("carries no price when it is a market order", async () => {
    const world = await worldWith(() => json(200, orderSample));
    await world.broker.submitOrder(approve(intentWith({ pricing: { type: "market" } })), 1_000);
    const body: unknown = JSON.parse(world.server.seen[0]?.body ?? "");
    expect(body).toMatchObject({ type: "market" });
    expect(body).not.toHaveProperty("limit_price");
  });
});

const suspend = async (step: Step) => {
  const world = await worldWith(() => step);
  return { outcome: await world.broker.suspendTrading(), seen: world.server.seen };
};

describe("suspending trading", () => {
  it("switches the account off, and is done when the answer shows it", async () => {
    const { outcome, seen } = await suspend(json(200, { suspend_trade: true, no_shorting: false }));
    expect(outcome).toEqual({ ok: true, value: undefined });
    expect(seen).toMatchObject([{ method: "PATCH", path: "/v2/account/configurations" }]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ suspend_trade: true });
  });

  it.each<readonly [string, Step, string]>([
    ["an answer that shows it on", json(200, { suspend_trade: false }), "SCHEMA_ERROR"],
    ["an answer without the switch", json(200, {}), "SCHEMA_ERROR"],
    ["bad credentials", json(401, { message: "not authorized" }), "AUTH_ERROR"],
    ["a failing broker", json(503, {}), "NETWORK"],
    ["no answer", { type: "drop" }, "NETWORK"],
  ])("is a fault, and never done, with %s", async (_name, step, faultClass) => {
    expect((await suspend(step)).outcome).toMatchObject({
      ok: false,
      error: { class: faultClass },
    });
  });
});

describe("what the answer to a submission means", () => {
  it("is acknowledged when 2xx brings our order", async () => {
    const { outcome } = await submitTo(json(200, orderSample));
    expect(outcome).toEqual({
      type: "acknowledged",
      order: {
        brokerOrderId: orderSample.id,
        clientOrderId: approved.order.clientOrderId,
        symbol: "SPY",
        side: "buy",
        quantity: shares(2),
        pricing: "limit",
        limitPrice: parsePrice("150"),
        status: "pending",
        statusText: "accepted",
        filled: 0,
        averagePrice: null,
        submittedAtMs: Date.parse("2013-10-07T13:40:01.577Z"),
        legs: [],
      },
    });
  });

  it("is alreadyExists with the order that has the id when a look-up after 422 finds it", async () => {
    const other = { ...orderSample, qty: "7" };
    const { outcome, posts } = await submitTo(refusedAsUsed, json(200, other));
    expect(outcome).toMatchObject({ type: "alreadyExists", order: { quantity: shares(7) } });
    expect(posts).toHaveLength(1);
  });

  it("is decided by the look-up, whatever the code and the message of the 422 say", async () => {
    const step = json(422, { code: 42210000, message: "qty is too odd" });
    const { outcome } = await submitTo(step, json(200, orderSample));
    expect(outcome.type).toBe("alreadyExists");
  });

  it("is rejected when 422 has a code of its own and no order is found", async () => {
    const step = json(422, { code: 42210000, message: "asset is not tradable" });
    const { outcome } = await submitTo(step, notFound);
    expect(outcome).toEqual({
      type: "rejected",
      code: "42210000",
      detail: "422: asset is not tradable",
    });
  });

  it("is unknown when the code is of a used id and the order hides from look-ups", async () => {
    expect((await submitTo(refusedAsUsed, notFound)).outcome.type).toBe("unknown");
  });

  it("is unknown when 422 and the look-up fails", async () => {
    for (const lookUp of [
      { type: "drop" },
      json(503, {}),
      json(200, { ...orderSample, qty: 2 }),
      json(404, { message: "no route" }),
    ] as const) {
      expect((await submitTo(refusedAsUsed, lookUp)).outcome.type).toBe("unknown");
    }
  });

  it("is rejected with the broker's code and words when 403", async () => {
    const step = json(403, { code: 40310000, message: "insufficient buying power" });
    expect((await submitTo(step)).outcome).toEqual({
      type: "rejected",
      code: "40310000",
      detail: "403: insufficient buying power",
    });
  });

  it("is unauthorized when 401, and no word of it is a credential", async () => {
    const { outcome } = await submitTo(json(401, { code: 40110000, message: "not authorized" }));
    expect(outcome.type).toBe("unauthorized");
    expect(JSON.stringify(outcome)).not.toMatch(/KEY-ID-IN-TESTS|SECRET-KEY-IN-TESTS/);
  });

  it("is unauthorized when 403 without a code: revoked keys are no business answer", async () => {
    expect((await submitTo(json(403, { message: "forbidden." }))).outcome).toEqual({
      type: "unauthorized",
      detail: "403: forbidden.",
    });
  });

  it("never repeats a credential that an answer holds", async () => {
    const message = `no ${credentials.keyId} with ${credentials.secretKey}`;
    for (const status of [400, 401, 403, 422, 429, 500]) {
      const { outcome, broker } = await submitTo(json(status, { code: 1, message }), notFound);
      expect(JSON.stringify(outcome)).not.toMatch(/KEY-ID-IN-TESTS|SECRET-KEY-IN-TESTS/);
      expect(JSON.stringify(await broker.readAccount())).not.toMatch(/SECRET-KEY-IN-TESTS/);
    }
  });

  it("is notSent until the reset when 429", async () => {
    const reset = Math.floor(nowMs / 1000) + 20;
    const headers = { "x-ratelimit-reset": reset.toString() };
    const { outcome } = await submitTo(json(429, { message: "too many requests" }, headers));
    expect(outcome).toMatchObject({ type: "notSent", retryAtMs: reset * 1000 });
  });

  it.each<readonly [string, Step]>([
    ["the connection drops", { type: "drop" }],
    ["the answer breaks off", { type: "tear" }],
    ["the answer is not HTTP", { type: "garbage" }],
    ["the answer is 500", json(500, { code: 50010000, message: "internal" })],
    ["the answer is 504", { type: "answer", status: 504, body: "<html>gateway</html>" }],
    ["the answer is 400", json(400, { code: 40010000, message: "bad" })],
    ["the answer is 404", json(404, { code: 40410000, message: "none" })],
    ["the answer is 302", { type: "answer", status: 302, body: "" }],
    ["the answer is 403 without a readable body", { type: "answer", status: 403, body: "<html>" }],
    ["the answer is 200 without a body", { type: "answer", status: 200, body: "" }],
    ["the answer is 200 with a torn body", { type: "answer", status: 200, body: '{"id":"7' }],
    ["the answer is 200 with a number as a number", json(200, { ...orderSample, qty: 2 })],
    ["the answer is 200 without a field", json(200, { ...orderSample, status: undefined })],
    ["the answer is 200 of another order", json(200, { ...orderSample, client_order_id: "x" })],
  ])("is unknown when %s, and nothing is sent again", async (_case, step) => {
    const { outcome, posts } = await submitTo(step);
    expect(outcome.type).toBe("unknown");
    expect(posts).toHaveLength(1);
  });

  it("is unknown when no answer comes before the deadline", async () => {
    const world = await worldWith(() => ({ type: "silence" }));
    expect((await world.broker.submitOrder(approved, 100)).type).toBe("unknown");
  });

  it("is notSent when the connection is refused, or no time is left", async () => {
    const broker = brokerAt(await closedAddress());
    expect((await broker.submitOrder(approved, 1_000)).type).toBe("notSent");
    const world = await worldWith(() => json(200, orderSample));
    expect((await world.broker.submitOrder(approved, 0)).type).toBe("notSent");
    expect(world.server.seen).toEqual([]);
  });
});

describe("findOrder", () => {
  it("believes only the broker's own words that there is none", async () => {
    expect(await lookUp(notFound)).toEqual({ ok: true, value: { type: "notFound" } });
    for (const step of [
      json(404, { message: "no route" }),
      { type: "answer", status: 404, body: "<html>" } as const,
      json(500, { code: 40410000 }),
    ]) {
      expect((await lookUp(step)).ok).toBe(false);
    }
  });

  it("reads a status that nobody documented as unlisted", async () => {
    const found = await lookUp(json(200, { ...orderSample, status: "resting_well" }));
    expect(found).toMatchObject({
      ok: true,
      value: { order: { status: "unlisted", statusText: "resting_well" } },
    });
  });

  it("is SCHEMA_ERROR when something is filled at no price", async () => {
    const found = await lookUp(json(200, { ...orderSample, filled_qty: "1" }));
    expect(found).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
  });

  it("takes no longer with its bracket than it may take in all", async () => {
    let elapsedMs = 0;
    const limits: number[] = [];
    const http: HttpClient = {
      send: async ({ timeoutMs }) => {
        limits.push(timeoutMs);
        elapsedMs += 700;
        const body = JSON.stringify({ ...orderSample, order_class: "bracket", legs: null });
        return { type: "answer", status: 200, headers: {}, body };
      },
      close: () => undefined,
    };
    const slowly = { ...clock, monotonicMs: () => elapsedMs };
    const broker = createAlpacaBroker({ http, baseUrl: "http://x", credentials, clock: slowly });
    await broker.findOrder(approved.order.clientOrderId, 1_500);
    await broker.findOrder(approved.order.clientOrderId);
    expect(limits).toEqual([1_500, 800, 5_000, 5_000]);
  });

  it("is tried once more when the connection was reset, and no more than that", async () => {
    const once = await worldWith((_request, index) =>
      index === 0 ? { type: "drop" } : json(200, orderSample),
    );
    expect((await once.broker.findOrder(approved.order.clientOrderId)).ok).toBe(true);
    const always = await worldWith(() => ({ type: "drop" }));
    const lost = await always.broker.findOrder(approved.order.clientOrderId);
    expect(lost).toMatchObject({ ok: false, error: { class: "NETWORK", vendor: "alpaca" } });
    expect(always.server.seen).toHaveLength(2);
  });
});

describe("listOpenOrders", () => {
  it("reads every page, also where orders of one moment are on both sides of its end", async () => {
    const all = page(0, 1_203);
    const { broker, server } = await worldWith(({ path }) => {
      const query = new URL(path, "http://x").searchParams;
      const after = query.get("after");
      const rest = after === null ? all : all.filter((order) => order.submitted_at > after);
      return json(200, rest.slice(0, Number(query.get("limit"))));
    });
    const listed = await broker.listOpenOrders();
    expect(listed.ok && listed.value.map((order) => order.brokerOrderId)).toEqual(
      all.map((order) => order.id),
    );
    expect(server.seen).toHaveLength(3);
  });

  it("is a fault when the list does not end", async () => {
    const { broker, server } = await worldWith(() => json(200, page(0, 500)));
    expect((await broker.listOpenOrders()).ok).toBe(false);
    expect(server.seen.length).toBeLessThanOrEqual(3);
  });

  it("leaves out other kinds of assets and keeps an order by amount", async () => {
    const crypto = { ...orderSample, symbol: "BTC/USD", asset_class: "crypto" };
    const legs = { ...orderSample, symbol: null, asset_class: null, order_class: "mleg" };
    const byAmount = { ...orderSample, id: "by-amount", qty: null, notional: "500" };
    const { broker } = await worldWith(() => json(200, [crypto, legs, byAmount]));
    expect(await broker.listOpenOrders()).toMatchObject({
      ok: true,
      value: [{ brokerOrderId: "by-amount", quantity: 0 }],
    });
  });

  it("is a fault, not an empty list, when the body is no list", async () => {
    const { broker } = await worldWith(() => json(200, { orders: [] }));
    expect(await broker.listOpenOrders()).toMatchObject({
      ok: false,
      error: { class: "SCHEMA_ERROR" },
    });
  });
});

describe("listPositions", () => {
  it("gives short positions a negative quantity, and averages to a ten-thousandth", async () => {
    const short = { ...positionSample, side: "short", qty: "-5", qty_available: "-4" };
    expect(await readPositions(short)).toEqual({
      ok: true,
      value: [
        {
          symbol: "SPY",
          quantity: shares(-5),
          averagePrice: parsePrice("100.1235"),
          available: shares(4),
          currentPrice: parsePrice("120"),
        },
      ],
    });
  });

  it("reads what somebody else's share, or a merger's remains, stand beside", async () => {
    const names = ["SPY", "BAC.PRL", "TDW.WS.A", "052CVR045"];
    const read = await readPositions(...names.map((symbol) => ({ ...positionSample, symbol })));
    expect(read.ok && read.value.map(({ symbol }) => symbol)).toEqual(names);
  });

  it.each([
    ["a sign contradicts the side", { ...positionSample, qty: "-5" }],
    ["a quantity is finer than a billionth", { ...positionSample, qty: "0.0000000001" }],
    ["a quantity is a number", { ...positionSample, qty: 5 }],
    ["a field is gone", { ...positionSample, qty_available: undefined }],
  ])("is SCHEMA_ERROR, never flat, when %s", async (_case, position) => {
    expect(await readPositions(position)).toMatchObject({
      ok: false,
      error: { class: "SCHEMA_ERROR" },
    });
  });

  it.each([
    [401, "AUTH_ERROR"],
    [403, "AUTH_ERROR"],
    [429, "RATE_LIMIT"],
    [500, "NETWORK"],
    [418, "UNKNOWN"],
  ])("is a fault when the status is %i: %s", async (status, faultClass) => {
    const { broker } = await worldWith(() => json(status, []));
    expect(await broker.listPositions()).toMatchObject({
      ok: false,
      error: { class: faultClass },
    });
  });
});

describe("readAccount", () => {
  it("reads amounts to a millionth and needs none of the removed fields", async () => {
    expect(await readAccount(accountSample)).toEqual({
      ok: true,
      value: {
        equity: 123_346_110_000,
        lastEquity: 122_011_097_511,
        cash: 122_086_500_000,
        buyingPower: 245_432_610_000,
        isBlocked: false,
        canShort: true,
      },
    });
  });

  it.each([
    { status: "ACCOUNT_CLOSED" },
    { account_blocked: true },
    { trading_blocked: true },
    { trade_suspended_by_user: true },
  ])("is blocked by %j", async (change) => {
    expect(await readAccount({ ...accountSample, ...change })).toMatchObject({
      value: { isBlocked: true },
    });
  });

  it("names every field that it misses, and no value", async () => {
    for (const field of ["equity", "buying_power", "trading_blocked", "status"]) {
      const reading = await readAccount({ ...accountSample, [field]: undefined });
      expect(reading).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
      expect(JSON.stringify(reading)).toContain(field);
      expect(JSON.stringify(reading)).not.toContain("123346");
    }
  });
});

describe("readClock", () => {
  it("reads an answer of this minute", async () => {
    const { broker } = await worldWith(() => json(200, clockSample));
    expect(await broker.readClock()).toEqual({
      ok: true,
      value: {
        atMs: Date.parse("2013-10-07T13:41:22.5Z"),
        isOpen: true,
        nextOpenMs: Date.parse("2013-10-08T13:30:00Z"),
        nextCloseMs: Date.parse("2013-10-07T20:00:00Z"),
      },
    });
  });

  it("does not know the time when the answer is more than a minute off", async () => {
    for (const timestamp of ["2013-10-07T09:40:29-04:00", "2013-10-07T09:42:31-04:00"]) {
      const { broker } = await worldWith(() => json(200, { ...clockSample, timestamp }));
      expect((await broker.readClock()).ok).toBe(false);
    }
  });
});

describe("cancelOrder", () => {
  it.each([
    [204, true],
    [422, true],
    [404, false],
    [429, false],
    [500, false],
  ])("a status of %i means asked: %s", async (status, isAsked) => {
    const { broker, server } = await worldWith(() => ({ type: "answer", status, body: "" }));
    expect((await broker.cancelOrder("a/b")).ok).toBe(isAsked);
    expect(server.seen[0]).toMatchObject({ method: "DELETE", path: "/v2/orders/a%2Fb" });
  });
});

describe("whatever the broker answers", () => {
  it("a submission ends in a certain outcome only when the answer is whole", async () => {
    const statuses = fc.constantFrom(200, 201, 400, 401, 403, 404, 409, 422, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(mutatedJson(orderSample), statuses, async (body, status) => {
        const outcome = await brokerThatGets(body, status).submitOrder(approved, 1_000);
        expect(hasOnlyFiniteNumbers(outcome)).toBe(true);
        if (outcome.type === "acknowledged") {
          expect(status).toBeLessThan(300);
          expect(outcome.order.clientOrderId).toBe(approved.order.clientOrderId);
        }
        if (outcome.type === "rejected") expect(status).toBe(403);
        if (outcome.type === "notSent") expect(status).toBe(429);
      }),
      { numRuns: 500 },
    );
  });

  it("a read is a value without NaN or a fault with its reason, never a throw", async () => {
    const samples = [
      [[orderSample, orderSample], "listOpenOrders"],
      [[positionSample], "listPositions"],
      [accountSample, "readAccount"],
      [clockSample, "readClock"],
    ] as const;
    for (const [sample, read] of samples) {
      await fc.assert(
        fc.asyncProperty(mutatedJson(sample), async (body) => {
          const reading = await brokerThatGets(body)[read]();
          expect(hasOnlyFiniteNumbers(reading)).toBe(true);
          if (!reading.ok) expect(reading.error.detail).not.toBe("");
        }),
        { numRuns: 300 },
      );
    }
  });
});
