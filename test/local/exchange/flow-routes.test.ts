import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./start-server.ts";

const ALERTS = "/api/option-trades/flow-alerts";

describe("Unusual Whales at the simulated exchange", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  const list = async (path: string) => {
    const answer = await server.ask("GET", path);
    expect(answer.status).toBe(200);
    expect(Array.isArray(answer.body.data)).toBe(true);
    return answer.body.data;
  };

  it("lists alerts with numbers as strings, newest first, for the symbols that were asked for", async () => {
    const alerts = await list(`${ALERTS}?ticker_symbol=SPY&limit=200`);
    expect(alerts.length).toBeGreaterThan(0);
    for (const alert of alerts) {
      expect(alert).toMatchObject({
        ticker: "SPY",
        created_at: expect.stringMatching(/\.\d{6}Z$/),
      });
      expect(["call", "put"]).toContain(alert.type);
      expect([typeof alert.total_premium, typeof alert.strike]).toEqual(["string", "string"]);
      expect(alert.option_chain).toMatch(/^SPY\d{6}[CP]\d{8}$/);
    }
    const times = alerts.map((alert: { created_at: string }) => alert.created_at);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it("lists only what is newer, larger and within the limit", async () => {
    const all = await list(`${ALERTS}?limit=200`);
    const since = all[Math.floor(all.length / 2)].created_at;
    const newer = await list(`${ALERTS}?limit=200&newer_than=${encodeURIComponent(since)}`);
    expect(newer.length).toBeLessThan(all.length);
    const large = await list(`${ALERTS}?min_premium=400000&limit=200`);
    for (const { total_premium: premium } of large) {
      expect(Number(premium)).toBeGreaterThanOrEqual(400_000);
    }
    expect(await list(`${ALERTS}?limit=1`)).toHaveLength(1);
  });

  it.each([
    "/api/darkpool/SPY",
    "/api/market/market-tide",
    "/api/stock/SPY/greek-exposure",
    "/api/stock/SPY/oi-change",
    "/api/stock/SPY/iv-rank",
    "/api/etfs/SPY/in-outflow",
    "/api/shorts/SPY/ftds",
    "/api/shorts/SPY/interest-float/v2",
    "/api/insider/SPY",
    "/api/congress/recent-trades?ticker=SPY",
    "/api/institution/SPY/ownership",
    "/api/earnings/SPY",
    "/api/market/economic-calendar",
    "/api/market/fda-calendar",
  ])("answers %s with a list", async (path) => {
    await list(path);
  });

  it("counts requests against the day's quota", async () => {
    await list(ALERTS);
    const { headers } = await server.ask("GET", "/api/darkpool/SPY");
    expect(headers.get("x-uw-daily-req-count")).toBe("2");
    expect(Number(headers.get("x-uw-token-req-limit"))).toBeGreaterThan(1_000);
  });

  it.each(["/api/darkpool/NOPE", `${ALERTS}?limit=500`, `${ALERTS}?newer_than=soon`])(
    "refuses %s with what was wrong and where",
    async (path) => {
      expect(await server.ask("GET", path)).toMatchObject({
        status: 422,
        body: { msg: expect.any(String), path: path.split("?")[0], query: expect.any(Object) },
      });
    },
  );

  it("refuses a wrong token", async () => {
    const headers = { authorization: "Bearer guess" };
    expect((await fetch(server.url + ALERTS, { headers })).status).toBe(401);
  });
});
