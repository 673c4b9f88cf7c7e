import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdingCell, openWorld, SPY, TEN_MS, tradingCell } from "../use-cases/cycle-world.ts";
import type { CycleWorld } from "../use-cases/cycle-world.ts";
import { apiEvent } from "./api-event.ts";

const openTrading = async (): Promise<CycleWorld> => {
  const world = openWorld();
  await world.save(tradingCell(world.settings, TEN_MS));
  return world;
};

const post = async (
  world: CycleWorld,
  path: string,
  body?: unknown,
  principal: string | undefined = "alice",
) => {
  const options = { ...(principal === undefined ? {} : { principal }), body };
  const answer = await world.functions.controlTrading(apiEvent("POST", path, options));
  const type = answer.headers?.["content-type"];
  const read = JSON.parse(answer.body ?? "null") as Record<string, unknown>;
  return { status: answer.statusCode, type, body: read };
};

const modeOf = async (world: CycleWorld) => {
  const cell = await world.ledger.loadCell("main");
  return cell.ok ? cell.value?.tradingState : undefined;
};

describe("control-trading", () => {
  it("takes who asks from the authorizer alone, whatever the body says", async () => {
    const world = await openTrading();
    const claim = { reason: "Mine.", by: "mallory", principal: "mallory", sub: "mallory" };
    expect((await post(world, "/api/trading/halt", claim)).status).toBe(400);
    const answer = await post(world, "/api/trading/halt", { reason: "A test." });
    expect(answer).toMatchObject({
      status: 200,
      body: { mode: "sim", tradingState: { mode: "halted", by: "alice" } },
    });
  });

  it.each([
    ["/api/trading/halt", { reason: "A test." }],
    ["/api/trading/flatten", { reason: "A test." }],
    ["/api/trading/resume/request", undefined],
    ["/api/trading/resume/approve", { snapshotHash: "0".repeat(64) }],
    ["/api/reconcile", undefined],
  ])("answers nobody's %s with 401, and changes nothing", async (path, body) => {
    const world = await openTrading();
    const options = body === undefined ? {} : { body };
    const answer = await world.functions.controlTrading(apiEvent("POST", path, options));
    expect(answer.statusCode).toBe(401);
    expect((await modeOf(world))?.mode).toBe("active");
  });

  it("never halts, flattens or fails on a body of the wrong form", async () => {
    const world = await openTrading();
    const path = fc.constantFrom("/api/trading/halt", "/api/trading/flatten");
    const bad = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.record({ reason: fc.constantFrom("", "  ", "x".repeat(301)) }),
    );
    await fc.assert(
      fc.asyncProperty(path, bad, async (to, body) => {
        const answer = await post(world, to, body);
        expect(answer).toMatchObject({ status: 400, type: "application/problem+json" });
      }),
      { numRuns: 50 },
    );
    expect((await modeOf(world))?.mode).toBe("active");
  });

  it("answers a body that is not JSON or too large with problem details", async () => {
    const world = await openTrading();
    const event = apiEvent("POST", "/api/trading/halt", { principal: "alice" });
    const torn = await world.functions.controlTrading({ ...event, body: '{"reason": "A' });
    expect(torn).toMatchObject({ statusCode: 400 });
    const large = JSON.stringify({ reason: "x".repeat(5_000) });
    expect(await world.functions.controlTrading({ ...event, body: large })).toMatchObject({
      statusCode: 413,
    });
    const encoded = Buffer.from('{"reason":"A test."}').toString("base64");
    const whole = { ...event, body: encoded, isBase64Encoded: true };
    expect(await world.functions.controlTrading(whole)).toMatchObject({ statusCode: 200 });
  });

  it("sends the exits of a flattening to their queue, and says which", async () => {
    const world = openWorld();
    await world.save(holdingCell(tradingCell(world.settings, TEN_MS), SPY, 3));
    const body = { reason: "Going home.", suspendAtBroker: true };
    const answer = await post(world, "/api/trading/flatten", body);
    const id = "hf_core_main_SPY_20131007_1000_sell_flatten_0";
    expect(answer).toMatchObject({ status: 200, body: { isProven: false, exits: [id] } });
    expect(await modeOf(world)).toMatchObject({ isFlattening: true, suspendAtBroker: true });
    const [message] = await world.receive("exits");
    expect(message).toMatchObject({ group: "main.SPY" });
    expect(JSON.parse(message?.body ?? "{}")).toMatchObject({ clientOrderId: id, purpose: "exit" });
  });

  it("answers a refusal with 409 and a sentence", async () => {
    const world = await openTrading();
    expect(await post(world, "/api/trading/resume/request")).toMatchObject({
      status: 409,
      type: "application/problem+json",
      body: { detail: "Trading is active already.", mode: "sim" },
    });
    const never = await post(openWorld(), "/api/trading/halt", { reason: "A test." });
    expect(never).toMatchObject({ status: 409 });
  });

  it("reconciles on demand, and says what keeps it from being clean", async () => {
    const world = await openTrading();
    expect(await post(world, "/api/reconcile")).toMatchObject({
      status: 200,
      body: { isClean: false, differences: [expect.stringContaining("broker")] },
    });
    expect((await post(world, "/api/reconcile", { adopt: "yes" })).status).toBe(400);
  });

  it("has nothing to read", async () => {
    const world = await openTrading();
    const event = apiEvent("GET", "/api/trading/halt", { principal: "alice" });
    expect(await world.functions.controlTrading(event)).toMatchObject({ statusCode: 404 });
  });
});

describe("serve-api", () => {
  it("shows the trading state, and what resuming would be about", async () => {
    const world = await openTrading();
    const read = async () => {
      const answer = await world.functions.serveApi(apiEvent("GET", "/api/trading/state"));
      return JSON.parse(answer.body ?? "null") as Record<string, unknown>;
    };
    expect(await read()).toMatchObject({ tradingState: { mode: "active" }, resumeRequest: null });
    await post(world, "/api/trading/halt", { reason: "A test." });
    await post(world, "/api/trading/resume/request");
    const asked = await read();
    expect(asked).toMatchObject({
      tradingState: { mode: "halted", reason: "A test.", by: "alice" },
      resumeRequest: {
        by: "alice",
        isCurrent: true,
        expiresAtMs: TEN_MS + 15 * 60_000,
        snapshotHash: asked["snapshotHash"],
      },
      held: {},
    });
    world.advance(15 * 60_000 + 1);
    expect(await read()).toMatchObject({ resumeRequest: null });
  });

  it("changes nothing, whoever asks", async () => {
    const world = await openTrading();
    const event = apiEvent("POST", "/api/trading/halt", {
      principal: "alice",
      body: { reason: "A test." },
    });
    expect(await world.functions.serveApi(event)).toMatchObject({ statusCode: 404 });
    expect((await modeOf(world))?.mode).toBe("active");
  });

  it("explains no order that nobody decided, and no id that is none", async () => {
    const world = await openTrading();
    const explain = async (id: string) =>
      (await world.functions.serveApi(apiEvent("GET", `/api/orders/${id}`))).statusCode;
    expect(await explain("hf_core_main_SPY_20131007_0935_buy_entry_0")).toBe(404);
    expect(await explain("something-else")).toBe(400);
    expect(await explain("%E0%A4%A")).toBe(404);
  });
});
