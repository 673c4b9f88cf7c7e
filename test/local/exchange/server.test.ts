import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./start-server.ts";

const MARKET = { symbol: "SPY", side: "buy", type: "market", time_in_force: "day", qty: "1" };
const RESTING = { ...MARKET, type: "limit", limit_price: "1.00" };

describe("the simulated exchange over HTTP", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  it("takes an order, fills it at the feed's ask, and shows position, account and execution", async () => {
    const placed = await server.ask("POST", "/v2/orders", { ...MARKET, client_order_id: "one" });
    expect(placed.status).toBe(200);
    expect(placed.body).toMatchObject({ status: "pending_new", client_order_id: "one", qty: "1" });
    const quotes = await server.ask("GET", "/v2/stocks/quotes/latest?symbols=SPY");
    const order = await server.ask("GET", "/v2/orders:by_client_order_id?client_order_id=one");
    expect(order.body).toMatchObject({ id: placed.body.id, status: "filled", filled_qty: "1" });
    expect(Number(order.body.filled_avg_price)).toBe(quotes.body.quotes.SPY.ap);
    const position = await server.ask("GET", "/v2/positions/SPY");
    expect(position.body).toMatchObject({ side: "long", qty: "1", qty_available: "1" });
    const account = await server.ask("GET", "/v2/account");
    expect(Number(account.body.cash)).toBeCloseTo(100_000 - quotes.body.quotes.SPY.ap, 6);
    const fills = await server.ask("GET", "/v2/account/activities/FILL");
    expect(fills.body).toMatchObject([
      { activity_type: "FILL", order_id: placed.body.id, qty: "1", cum_qty: "1", type: "fill" },
    ]);
  });

  it("replaces and cancels", async () => {
    const placed = await server.ask("POST", "/v2/orders", RESTING);
    const path = `/v2/orders/${placed.body.id}`;
    const replaced = await server.ask("PATCH", path, { limit_price: "1.10" });
    expect(replaced.body).toMatchObject({ replaces: placed.body.id, limit_price: "1.10" });
    expect((await server.ask("GET", path)).body).toMatchObject({
      status: "replaced",
      replaced_by: replaced.body.id,
    });
    const asked = await server.ask("DELETE", `/v2/orders/${replaced.body.id}`);
    expect(asked.status).toBe(204);
    const pending = await server.ask("GET", `/v2/orders/${replaced.body.id}`);
    expect(pending.body.status).toBe("pending_cancel");
    server.passMs(1_000);
    expect((await server.ask("GET", "/v2/orders")).body).toEqual([]);
    expect((await server.ask("GET", "/v2/orders?status=closed")).body).toHaveLength(2);
  });

  it("shows the legs of a bracket below it", async () => {
    const bracket = {
      ...MARKET,
      order_class: "bracket",
      take_profit: { limit_price: "10000" },
      stop_loss: { stop_price: "1" },
    };
    const placed = await server.ask("POST", "/v2/orders", bracket);
    expect(placed.body.legs).toMatchObject([
      { type: "limit", side: "sell", status: "held" },
      { type: "stop", side: "sell", status: "held" },
    ]);
    const open = await server.ask("GET", "/v2/orders?nested=true&status=all");
    expect(open.body).toHaveLength(1);
    const closed = await server.ask("DELETE", "/v2/positions?cancel_orders=true");
    expect(closed.status).toBe(207);
    expect((await server.ask("GET", "/v2/positions")).body).toEqual([]);
  });

  it.each([
    ["a used client order id", { ...RESTING, client_order_id: "used" }, 422, 40010001],
    ["malformed JSON", "{", 400, 40010000],
    ["no side", { ...RESTING, side: undefined }, 422, 40010001],
    ["a quantity that is no number", { ...RESTING, qty: "many" }, 422, 40010001],
    ["an unknown symbol", { ...RESTING, symbol: "NOPE" }, 422, 42210000],
    ["more than the account can pay", { ...RESTING, qty: "1000000" }, 403, 40310000],
    ["part of a cent", { ...RESTING, limit_price: "1.001" }, 422, 42210000],
  ])("refuses %s", async (_name, order, status, code) => {
    await server.ask("POST", "/v2/orders", { ...RESTING, client_order_id: "used" });
    const answer = await server.ask("POST", "/v2/orders", order);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it("answers 404 for what is not there", async () => {
    for (const path of ["/v2/orders/none", "/v2/positions/SPY", "/v2/nothing", "/v2/assets/NOPE"]) {
      expect(await server.ask("GET", path)).toMatchObject({
        status: 404,
        body: { code: 40410000 },
      });
    }
  });

  it("refuses who shows no key, and who shows the wrong one", async () => {
    const none = await fetch(`${server.url}/v2/account`);
    const headers = { "apca-api-key-id": "key", "apca-api-secret-key": "guess" };
    const wrong = await fetch(`${server.url}/v2/account`, { headers });
    expect([none.status, wrong.status]).toEqual([401, 403]);
  });

  it("answers an address that is hardly one", async () => {
    for (const path of ["//", "/%", "/v2/orders/%zz", "/v2/orders/%2F..%2F"]) {
      expect((await server.ask("GET", path)).status).toBe(404);
    }
  });

  it("refuses a body of more than 64 KiB", async () => {
    const answer = await server.ask("POST", "/v2/orders", "x".repeat(70_000));
    expect(answer.status).toBe(413);
  });

  it("tells the time and the calendar of New York", async () => {
    expect((await server.ask("GET", "/v2/clock")).body).toEqual({
      timestamp: "2024-03-04T10:00:00-05:00",
      is_open: true,
      next_open: "2024-03-05T09:30:00-05:00",
      next_close: "2024-03-04T16:00:00-05:00",
    });
    const days = await server.ask("GET", "/v2/calendar?start=2024-07-03&end=2024-07-05");
    expect(days.body).toMatchObject([
      { date: "2024-07-03", open: "09:30", close: "13:00" },
      { date: "2024-07-05", open: "09:30", close: "16:00" },
    ]);
  });

  it("pages through bars, and leaves out a symbol that it does not know", async () => {
    const path = "/v2/stocks/bars?symbols=SPY,NOPE&timeframe=1Min&limit=20";
    const first = await server.ask("GET", path);
    expect(first.body.bars.SPY).toHaveLength(20);
    const next = await server.ask("GET", `${path}&page_token=${first.body.next_page_token}`);
    expect(next.body.bars.SPY[0].t > first.body.bars.SPY[19].t).toBe(true);
    const snapshots = await server.ask("GET", "/v2/stocks/snapshots?symbols=SPY,NOPE");
    expect(Object.keys(snapshots.body)).toEqual(["SPY"]);
  });

  it("answers 429 beyond the limit of a minute, and serves again in the next", async () => {
    const limited = await startTestServer({ requestsPerMinute: 2 });
    try {
      const statuses: number[] = [];
      for (let request = 0; request < 3; request++) {
        statuses.push((await limited.ask("GET", "/v2/account")).status);
      }
      expect(statuses).toEqual([200, 200, 429]);
      const refused = await limited.ask("GET", "/v2/account");
      const resetAtMs = Number(refused.headers.get("x-ratelimit-reset")) * 1_000;
      expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
      limited.passMs(resetAtMs - limited.nowMs());
      expect((await limited.ask("GET", "/v2/account")).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
