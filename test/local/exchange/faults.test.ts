import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./start-server.ts";

const MARKET = { symbol: "SPY", side: "buy", type: "market", time_in_force: "day", qty: "10" };
const RESTING = { ...MARKET, type: "limit", limit_price: "1.00" };
const byClientId = (id: string): string => `/v2/orders:by_client_order_id?client_order_id=${id}`;

describe("an armed fault", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  const arm = async (fault: object): Promise<void> => {
    expect((await server.ask("POST", "/_faults", { times: 1, ...fault })).status).toBe(200);
  };
  const place = (id: string, order: object = RESTING) =>
    server.ask("POST", "/v2/orders", { ...order, client_order_id: id });

  it("drops the answer of an order that was accepted", async () => {
    await arm({ name: "dropAnswer" });
    await expect(place("dropped")).rejects.toThrow("fetch failed");
    expect((await server.ask("GET", byClientId("dropped"))).body.status).toBe("new");
    expect((await place("dropped")).body.message).toBe("client_order_id must be unique");
  });

  it("answers late", async () => {
    await arm({ name: "lateAnswer", delayMs: 1 });
    expect((await place("late")).status).toBe(200);
    expect(server.faults.counts()).toEqual({ lateAnswer: 1 });
  });

  it("answers 5xx before anything has happened, or after", async () => {
    await arm({ name: "errorBefore", status: 502 });
    expect((await place("before")).status).toBe(502);
    expect((await server.ask("GET", byClientId("before"))).status).toBe(404);
    await arm({ name: "errorAfter" });
    expect((await place("after")).status).toBe(500);
    expect((await server.ask("GET", byClientId("after"))).status).toBe(200);
  });

  it("hides an order from every GET for a while", async () => {
    await arm({ name: "hideOrder", forMs: 5_000 });
    const { body } = await place("hidden");
    expect((await server.ask("GET", byClientId("hidden"))).status).toBe(404);
    expect((await server.ask("GET", `/v2/orders/${body.id}`)).status).toBe(404);
    expect((await server.ask("GET", "/v2/orders")).body).toEqual([]);
    server.passMs(5_001);
    expect((await server.ask("GET", byClientId("hidden"))).body.id).toBe(body.id);
  });

  it("answers 429 with the time of the reset", async () => {
    await arm({ name: "rateLimit" });
    const refused = await place("limited");
    expect(refused.status).toBe(429);
    const resetAtMs = Number(refused.headers.get("x-ratelimit-reset")) * 1_000;
    expect(resetAtMs).toBeGreaterThan(server.nowMs());
    expect((await place("limited")).status).toBe(200);
  });

  it("refuses an order as a wash trade", async () => {
    await arm({ name: "washTrade" });
    expect(await place("washed")).toMatchObject({
      status: 403,
      body: { code: 40310000, reject_reason: "opposite side market/stop order exists" },
    });
  });

  it("fills an order in parts", async () => {
    await arm({ name: "partialFill", fraction: 0.000_1 });
    const { body } = await place("partial", MARKET);
    expect((await server.ask("GET", `/v2/orders/${body.id}`)).body).toMatchObject({
      status: "partially_filled",
      filled_qty: "1",
    });
    server.passMs(2_000);
    expect((await server.ask("GET", `/v2/orders/${body.id}`)).body.status).toBe("filled");
  });

  it("fills an order after its cancellation", async () => {
    await arm({ name: "fillAfterCancel", delayMs: 3_000 });
    const { body } = await place("late-fill");
    expect((await server.ask("DELETE", `/v2/orders/${body.id}`)).status).toBe(204);
    server.passMs(1_000);
    expect((await server.ask("GET", `/v2/orders/${body.id}`)).body.status).toBe("canceled");
    server.passMs(3_000);
    expect((await server.ask("GET", `/v2/orders/${body.id}`)).body.status).toBe("filled");
    expect((await server.ask("GET", "/v2/positions/SPY")).body.qty).toBe("10");
  });

  it("repeats executions, or lists them in the wrong order", async () => {
    await place("one", MARKET);
    server.passMs(1_000);
    await place("two", MARKET);
    const list = async (): Promise<readonly string[]> => {
      const { body } = await server.ask("GET", "/v2/account/activities/FILL");
      return body.map((each: { id: string }) => each.id);
    };
    const ids = await list();
    await arm({ name: "repeatEvents" });
    expect(await list()).toEqual(ids.flatMap((id) => [id, id]));
    await arm({ name: "reorderEvents" });
    expect(await list()).toEqual(ids.toReversed());
  });

  it("removes, renames or retypes a field", async () => {
    const route = "GET /v2/account";
    await arm({ name: "removeField", field: "buying_power", route });
    expect((await server.ask("GET", "/v2/account")).body).not.toHaveProperty("buying_power");
    await arm({ name: "renameField", field: "cash", to: "money", route });
    expect((await server.ask("GET", "/v2/account")).body).toMatchObject({ money: "100000.00" });
    await arm({ name: "changeType", field: "equity", route });
    expect((await server.ask("GET", "/v2/account")).body.equity).toBe(100_000);
    expect((await server.ask("GET", "/v2/account")).body.equity).toBe("100000.00");
  });

  it("strikes with its probability, is listed with its count, and can be disarmed", async () => {
    await server.ask("POST", "/_faults", { name: "washTrade", probability: 0 });
    await server.ask("POST", "/_faults", { name: "errorBefore" });
    expect((await place("x")).status).toBe(503);
    expect((await server.ask("GET", "/_faults")).body).toMatchObject({
      armed: [{ struck: 0 }, { struck: 1, timesLeft: null }],
      counts: { errorBefore: 1 },
    });
    await server.ask("DELETE", "/_faults");
    expect((await place("x")).status).toBe(200);
  });

  it("cannot be armed by who does not know the account's keys", async () => {
    const body = JSON.stringify({ name: "errorBefore" });
    const answer = await fetch(`${server.url}/_faults`, { method: "POST", body });
    expect(answer.status).toBe(401);
    expect(server.faults.list()).toEqual([]);
  });

  it("must be one that the exchange knows", async () => {
    const answer = await server.ask("POST", "/_faults", { name: "earthquake" });
    expect(answer.status).toBe(422);
  });
});
