import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  EquityBody,
  PositionsBody,
} from "../../../shared/adapters/holdfast-api/contract/account.ts";
import { CycleBody } from "../../../shared/adapters/holdfast-api/contract/cycle.ts";
import { FunnelBody } from "../../../shared/adapters/holdfast-api/contract/funnel.ts";
import { HealthBody } from "../../../shared/adapters/holdfast-api/contract/health.ts";
import { QuotesBody } from "../../../shared/adapters/holdfast-api/contract/market-data.ts";
import { OrdersBody } from "../../../shared/adapters/holdfast-api/contract/orders.ts";
import { ScoresBody } from "../../../shared/adapters/holdfast-api/contract/scores.ts";
import {
  makeStateDirectory,
  removeDirectory,
  startLocalWorld,
  type LocalWorld,
} from "./local-world.ts";

const state = makeStateDirectory();
let world: LocalWorld;
let url = "";

beforeAll(async () => {
  world = startLocalWorld(["--state", state, "--speed", "60", "--for", "10m"]);
  url = await world.url();
  await world.waitFor(({ type }) => type === "orderFilled");
}, 60_000);

afterAll(async () => {
  world.kill("SIGTERM");
  await world.ended;
  removeDirectory(state);
});

const ask = (
  path: string,
  options: { readonly method?: string; readonly host?: string } = {},
): Promise<{ readonly status: number; readonly headers: object; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const { method = "GET", host } = options;
    const headers = host === undefined ? {} : { host };
    const outgoing = request(`${url}${path}`, { method, headers }, (incoming) => {
      let body = "";
      incoming.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end();
  });

describe("the local world, started as a user does", () => {
  it.each([
    ["/api/system/health", HealthBody],
    ["/api/cycle", CycleBody],
    ["/api/funnel", FunnelBody],
    ["/api/positions", PositionsBody],
    ["/api/orders", OrdersBody],
    ["/api/quotes", QuotesBody],
    ["/api/equity", EquityBody],
    ["/api/scores", ScoresBody],
  ])("answers %s in the form that its clients rely on, with its mode", async (path, schema) => {
    const { status, body } = await ask(path);
    expect(status).toBe(200);
    expect(schema.parse(JSON.parse(body))).toMatchObject({ mode: "sim" });
  });

  it("shows an order that was filled, with its reason", async () => {
    const { orders } = OrdersBody.parse(JSON.parse((await ask("/api/orders")).body));
    const filled = orders.find(({ state: name }) => name === "filled");
    expect(filled?.decision).toMatch(/score/);
    expect(filled?.averagePrice).not.toBeNull();
  });

  it("serves the page with nothing inline and nothing from elsewhere", async () => {
    const page = await ask("/");
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({ "x-content-type-options": "nosniff" });
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)|<style|https?:\/\//);
    const policy =
      "content-security-policy" in page.headers && page.headers["content-security-policy"];
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/unsafe/);
    for (const file of ["/app.js", "/style.css", "/icon.svg"]) {
      expect((await ask(file)).status).toBe(200);
    }
  });

  it("answers no other name, no other method and no other path", async () => {
    expect((await ask("/", { host: "attacker.example" })).status).toBe(421);
    expect((await ask("/api/orders", { method: "PUT" })).status).toBe(405);
    expect((await ask("/api/trading/halt", { method: "POST" })).status).toBe(401);
    expect((await ask("/../package.json")).status).toBe(404);
    expect((await ask("/api/nothing")).status).toBe(404);
    const { headers } = await ask("/api/orders");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("keeps a second world out of its state and out of its port, in one sentence each", async () => {
    const second = startLocalWorld(["--state", state]);
    expect(await second.ended).toBe(2);
    expect(second.errors()).toMatch(/in use/);
    const other = makeStateDirectory();
    const port = new URL(url).port;
    const third = startLocalWorld(["--state", other, "--port", port]);
    expect(await third.ended).toBe(2);
    expect(third.errors()).toBe(
      `holdfast: Port ${port} is in use; stop what uses it, or choose another with --port N (0 takes any).\n`,
    );
    removeDirectory(other);
  });
});

describe("a world with an end", () => {
  it("stops by itself, says how it stood, and leaves its state to the next", async () => {
    const own = makeStateDirectory();
    const first = startLocalWorld(["--state", own, "--for", "200ms", "--seed", "9"]);
    expect([0, 1, 2]).toContain(await first.ended);
    expect(first.lines().at(-1)).toMatchObject({ type: "stopped", mode: "sim" });
    const other = startLocalWorld(["--state", own, "--for", "200ms", "--seed", "10"]);
    expect(await other.ended).toBe(64);
    expect(other.errors()).toMatch(/--seed 9/);
    removeDirectory(own);
  });
});
