import { describe, expect, it } from "vitest";
import {
  bullishFlow,
  faultOf,
  IBM,
  openWorld,
  SESSION,
  snapshotOf,
  SPY,
  TEN_MS,
  tradingCell,
  type CycleWorld,
} from "../use-cases/cycle-world.ts";
import { queueEvent } from "./events.ts";

/** Runs the cycle of the current minute as the workflow does, up to the broker. */
const runCycle = async (world: CycleWorld): Promise<void> => {
  const opened = await world.functions.openCycle({ slot: new Date(world.nowMs()).toISOString() });
  const polls = await Promise.all(
    opened.shards.map((shard) => world.functions.pollMarketData(shard)),
  );
  const symbols = opened.shards.flatMap((shard) => shard.symbols);
  const flow = await world.functions.pollFlow({ ...opened, symbols });
  await world.functions.closeCycle({ ...opened, polls, flow });
  await deliver(world, "marketData", "market-data", world.functions.scoreSignals);
  await deliver(world, "exits", "exits.fifo", world.functions.executeOrders);
  await deliver(world, "orders", "orders.fifo", world.functions.executeOrders);
};

const deliver = async (
  world: CycleWorld,
  queue: "marketData" | "orders" | "exits",
  queueName: string,
  handler: CycleWorld["functions"]["scoreSignals"],
): Promise<void> => {
  const messages = await world.receive(queue);
  if (messages.length === 0) return;
  expect(await handler(queueEvent(queueName, messages))).toEqual({ batchItemFailures: [] });
  for (const message of messages) await world.queues[queue].remove(message.receipt);
};

const apiEvent = (path: string, query: Record<string, string> = {}) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: {},
  queryStringParameters: query,
  isBase64Encoded: false,
  requestContext: {
    accountId: "",
    apiId: "",
    domainName: "",
    domainPrefix: "",
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
    requestId: "",
    routeKey: "$default",
    stage: "$default",
    time: "",
    timeEpoch: 0,
  },
});

const ask = async (world: CycleWorld, path: string, query?: Record<string, string>) => {
  const answer = await world.functions.serveApi(apiEvent(path, query));
  const body = JSON.parse(answer.body ?? "null") as Record<string, unknown>;
  return { status: answer.statusCode, type: answer.headers?.["content-type"], body };
};

const tradingWorld = async (): Promise<CycleWorld> => {
  const world = openWorld();
  await world.save(tradingCell(world.settings, TEN_MS));
  world.answer.snapshots = [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS)];
  world.answer.flow = [bullishFlow(SPY, TEN_MS)];
  return world;
};

describe("a whole cycle", () => {
  it("leads from snapshots to one acknowledged order, which every view explains", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    const { body: orders } = await ask(world, "/api/orders");
    expect(orders).toMatchObject({
      mode: "sim",
      sessionDate: "2013-10-07",
      orders: [
        { clientOrderId: "hf_core_main_SPY_20131007_1000_buy_entry_0", state: "acknowledged" },
      ],
    });
    const { body: funnel } = await ask(world, "/api/funnel");
    const passed = (funnel["stages"] as { stage: string; passed: number }[]).map((stage) => [
      stage.stage,
      stage.passed,
    ]);
    expect(Object.fromEntries(passed)).toEqual({
      polled: 2,
      valid: 2,
      scored: 1,
      gated: 1,
      intended: 1,
      approved: 1,
      submitted: 1,
      acknowledged: 1,
      filled: 0,
    });
    const { body: cycle } = await ask(world, "/api/cycle");
    expect(cycle).toMatchObject({ cycle: { outcome: "completed" }, market: { phase: "open" } });
  });

  it("sends nothing a second time when every message comes again", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    world.advance(600_000);
    await world.save(tradingCell(world.settings, world.nowMs()));
    world.advance(-600_000);
    const [score] = await world.telemetry.loadScores(0);
    expect(score?.outcome).toMatch(/^hf_/);
    const listed = await world.ledger.listOrders("main", SESSION.date, 10);
    const order = listed.ok ? listed.value[0] : undefined;
    const body = JSON.stringify(order?.intent);
    const again = queueEvent("orders.fifo", [{ id: "1", body, group: "main", receiveCount: 2 }]);
    expect(await world.functions.executeOrders(again)).toEqual({ batchItemFailures: [] });
    expect(world.logs.at(-1)?.fields["outcome"]).toBe("duplicate");
  });

  it("puts an intent that cannot be read aside instead of blocking exits behind it", async () => {
    const world = await tradingWorld();
    const event = queueEvent("exits.fifo", [
      { id: "1", body: JSON.stringify({ side: "BUY" }), group: "main", receiveCount: 1 },
    ]);
    expect(await world.functions.executeOrders(event)).toEqual({ batchItemFailures: [] });
    expect(await world.receive("dead")).toHaveLength(1);
  });
});

describe("the operator's API", () => {
  it.each([
    "/api/system/health",
    "/api/funnel",
    "/api/positions",
    "/api/orders",
    "/api/cycle",
    "/api/quotes",
    "/api/equity",
    "/api/scores",
    "/api/flags",
    "/api/vendors",
    "/api/breakers",
  ])(
    "answers %s with JSON that carries the mode, before and after the first cycle",
    async (path) => {
      const world = await tradingWorld();
      expect(await ask(world, path)).toMatchObject({ status: 200, body: { mode: "sim" } });
      await runCycle(world);
      const answer = await ask(world, path);
      expect(answer).toMatchObject({ status: 200, type: "application/json" });
    },
  );

  it("shows a position with its last price and what it has gained", async () => {
    const world = await tradingWorld();
    const { holdingCell } = await import("../use-cases/cycle-world.ts");
    await world.save(holdingCell(tradingCell(world.settings, TEN_MS), IBM, 3));
    world.answer.snapshots = [snapshotOf(IBM, TEN_MS, "101.00", "101.02")];
    await world.functions.pollMarketData({
      shard: 0,
      symbols: ["SPY", "IBM"],
      cycleId: "c",
      slotMs: TEN_MS,
    });
    expect((await ask(world, "/api/positions")).body["positions"]).toEqual([
      {
        symbol: "IBM",
        quantity: "3",
        averagePrice: "100.00",
        lastPrice: "101.01",
        lastPriceAgeMs: 1_000,
        marketValue: "303.03",
        unrealizedProfit: "3.03",
        openedAtMs: SESSION.opensAtMs,
      },
    ]);
  });

  it("refuses with problem details and no stack", async () => {
    const world = await tradingWorld();
    expect(await ask(world, "/api/nothing")).toMatchObject({
      status: 404,
      type: "application/problem+json",
      body: { title: "Not found.", mode: "sim" },
    });
    const bad = await ask(world, "/api/orders", { session: "yesterday" });
    expect(bad).toMatchObject({ status: 400, body: { status: 400 } });
    expect(JSON.stringify(bad)).not.toMatch(/yesterday|stack/);
  });
});

describe("health and alerts", () => {
  it("announces a change once, keeps it, and resolves it when it is over", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    const { functions, alerts } = world;
    // Nothing has been reconciled yet: that is not OK, and calls nobody.
    expect((await functions.aggregateHealth({})).level).toBe("DEGRADED");
    world.advance(1_000);
    await proveReconciled(world, true);
    expect((await functions.aggregateHealth({})).level).toBe("OK");
    expect(alerts.published()).toEqual([]);
    world.advance(1_000);
    await proveReconciled(world, false);
    expect((await functions.aggregateHealth({})).level).toBe("DEGRADED");
    await functions.aggregateHealth({});
    expect(alerts.published().map(({ action, severity }) => [action, severity])).toEqual([
      ["trigger", "warning"],
    ]);
    const levels = (await world.telemetry.loadHealth(10)).map(({ level }) => level);
    expect(levels).toEqual(["DEGRADED", "OK", "DEGRADED"]);
    await functions.notify(snsEvent(alerts.published()[0]));
    for (let proof = 0; proof < 3; proof++) {
      world.advance(31_000);
      await proveReconciled(world, true);
      await functions.aggregateHealth({});
    }
    expect(alerts.published().at(-1)).toMatchObject({ action: "resolve", mode: "sim" });
    expect((await ask(world, "/api/system/health")).body).toMatchObject({ level: "OK" });
  });

  it("fails with the reason when the vendor's credentials are refused", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    world.advance(60_000);
    world.answer.snapshots = faultOf("AUTH_ERROR");
    await expect(
      world.functions.pollMarketData({
        shard: 0,
        symbols: ["SPY"],
        cycleId: "c",
        slotMs: world.nowMs(),
      }),
    ).rejects.toMatchObject({ name: "TerminalError" });
    expect((await world.functions.aggregateHealth({})).level).toBe("FAILED_CONFIG");
    expect(world.alerts.published().at(-1)?.severity).toBe("critical");
  });

  it("pages, tries again when asked to, and keeps what is refused out of the way", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    await proveReconciled(world, false);
    await world.functions.aggregateHealth({});
    const event = snsEvent(world.alerts.published()[0]);
    await world.functions.notify(event);
    world.answer.pager = "retryLater";
    await expect(world.functions.notify(event)).rejects.toMatchObject({ name: "RetryableError" });
    world.answer.pager = "refused";
    await expect(world.functions.notify(event)).rejects.toMatchObject({ name: "TerminalError" });
    await expect(world.functions.notify(snsEvent({ key: "" }))).rejects.toThrow(/look at: key/);
  });

  it("keeps what is known of flow through an outage, which is no empty answer (defect 10)", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    world.answer.flow = faultOf("NETWORK");
    await expect(
      world.functions.pollFlow({ cycleId: "c", slotMs: TEN_MS, symbols: ["SPY"] }),
    ).rejects.toMatchObject({ name: "RetryableError" });
    expect((await world.telemetry.loadFlow([SPY])).evidence).toHaveLength(1);
  });

  it("reads directions in one spelling only (defect 17)", async () => {
    const world = await tradingWorld();
    await runCycle(world);
    const directions = (await world.telemetry.loadScores(0)).map((score) => score.direction);
    expect(directions).toEqual(["bullish", "neutral"]);
  });
});

const proveReconciled = (
  { telemetry, nowMs }: Awaited<ReturnType<typeof tradingWorld>>,
  succeeded: boolean,
): Promise<void> =>
  telemetry.recordEvidence({
    component: "reconcile-orders",
    atMs: nowMs(),
    succeeded,
    detail: succeeded ? "Ledger and broker agree." : "Ledger and broker differ.",
    latencyMs: 1,
    dataAgeMs: null,
    fault: null,
  });

const snsEvent = (alert: unknown) => ({
  Records: [
    {
      EventVersion: "1.0",
      EventSubscriptionArn: "arn:aws:sns:us-east-2:123456789012:alerts:1",
      EventSource: "aws:sns",
      Sns: {
        SignatureVersion: "1",
        Timestamp: "2013-10-07T14:00:00.000Z",
        Signature: "",
        SigningCertUrl: "",
        MessageId: "1",
        Message: JSON.stringify(alert),
        MessageAttributes: {},
        Type: "Notification",
        UnsubscribeUrl: "",
        TopicArn: "arn:aws:sns:us-east-2:123456789012:alerts",
      },
    },
  ],
});
