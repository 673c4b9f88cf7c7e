import { describe, expect, it } from "vitest";
import { readMarketDataMessage } from "../../shared/runtime/messages/market-data-message.ts";
import type { MarketDataMessage } from "../../shared/use-cases/market-data-message.ts";
import { NEW_STANDING } from "../../shared/domain/market/vendor-standing.ts";
import { createPollMarketData } from "../../shared/use-cases/poll-market-data.ts";
import type { SnapshotAnswer, VendorReport } from "../../shared/ports/market-data.ts";
import {
  faultOf,
  IBM,
  openWorld,
  price,
  snapshotOf,
  SESSION,
  settingsWith,
  SPY,
  TEN_MS,
  type CycleWorld,
} from "./cycle-world.ts";

const shardOf = (world: CycleWorld) => ({
  shard: 0,
  symbols: [SPY, IBM],
  cycleId: "cycle-2013-10-07T14:00Z",
  slotMs: Math.floor(world.nowMs() / 60_000) * 60_000,
});

const messageOf = async (world: CycleWorld): Promise<MarketDataMessage> => {
  const [received] = await world.receive("marketData");
  if (received === undefined) throw new Error("There is no message.");
  await world.queues.marketData.remove(received.receipt);
  const read = readMarketDataMessage(JSON.parse(received.body));
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

describe("polling market data", () => {
  it("keeps and publishes what is valid, and counts every symbol once", async () => {
    const world = openWorld();
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS)];
    const polled = await world.functions.pollMarketData(shardOf(world));
    expect(polled).toEqual({
      shard: 0,
      polled: 2,
      valid: 1,
      confirmed: 1,
      dataMode: "full",
      rejected: { missing: 1 },
      samples: {},
    });
    const message = await messageOf(world);
    expect(message).toMatchObject({ sessionDate: SESSION.date, slotMs: TEN_MS, shard: 0 });
    expect(message.quotes.map((quote) => quote.symbol)).toEqual([SPY]);
    expect(await world.telemetry.loadQuotes(0)).toHaveLength(1);
    expect(await world.telemetry.loadFunnel(SESSION.date)).toMatchObject({
      passed: { polled: 1, valid: 1 },
      stopped: { "polled.missing": 1 },
    });
    const [evidence] = await world.telemetry.loadEvidence("market-data", 1);
    expect(evidence).toMatchObject({ succeeded: true, dataAgeMs: 1_000 });
  });

  it.each([
    ["a zero bid", snapshotOf(SPY, TEN_MS, "0.00", "100.00"), "bidNotPositive"],
    ["a crossed book", snapshotOf(SPY, TEN_MS, "100.10", "100.00"), "crossed"],
    ["an old quote", snapshotOf(SPY, TEN_MS - 600_000), "stale"],
  ])("never lets a bad tick through (story 14): %s", async (_name, snapshot, reason) => {
    const world = openWorld();
    world.answer.snapshots = [snapshot, snapshotOf(IBM, TEN_MS)];
    const polled = await world.functions.pollMarketData(shardOf(world));
    expect(polled.rejected).toEqual({ [reason]: 1 });
    expect((await messageOf(world)).quotes.map((quote) => quote.symbol)).toEqual([IBM]);
  });

  it("holds a spike against the stored price after a cold start (story 14)", async () => {
    const world = openWorld();
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS)];
    await world.functions.pollMarketData(shardOf(world));
    world.advance(60_000);
    const { createHandler } = await import("../../lambdas/poll-market-data/handler.ts");
    const cold = createHandler(
      { ...world.ports, messages: world.queues.marketData, settings: world.settings },
      {
        log: { isOn: () => false, write: () => {} },
        metrics: { add: () => {}, flush: () => {} },
        clock: world.ports.clock,
      },
    );
    const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 30_000 };
    world.answer.snapshots = [snapshotOf(SPY, world.nowMs(), "150.00", "150.02")];
    expect((await cold(shardOf(world), context)).rejected).toMatchObject({ changeTooLarge: 1 });
  });

  it("keeps the last known quote of a symbol whose newest one is bad", async () => {
    const world = openWorld();
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS)];
    await world.functions.pollMarketData(shardOf(world));
    world.advance(60_000);
    world.answer.snapshots = [
      snapshotOf(SPY, world.nowMs(), "0.00"),
      snapshotOf(IBM, world.nowMs(), "100.10", "100.12"),
    ];
    await world.functions.pollMarketData(shardOf(world));
    const quotes = await world.telemetry.loadQuotes(0);
    expect(quotes.map(({ symbol, bid }) => [symbol, bid])).toEqual([
      [SPY, price("100.00")],
      [IBM, price("100.10")],
    ]);
  });

  it("throws on an outage, which is never an empty list, and still wakes exits (defect 10)", async () => {
    const world = openWorld();
    world.answer.snapshots = faultOf("NETWORK");
    await expect(world.functions.pollMarketData(shardOf(world))).rejects.toMatchObject({
      name: "RetryableError",
    });
    expect((await messageOf(world)).quotes).toEqual([]);
    const [evidence] = await world.telemetry.loadEvidence("market-data", 1);
    expect(evidence).toMatchObject({ succeeded: false, fault: null });
    const funnel = await world.telemetry.loadFunnel(SESSION.date);
    expect(funnel.stopped).toEqual({ "polled.NETWORK": 2 });
  });

  it("tends to the vendors last, when everything is published, whatever came of the poll", async () => {
    const world = openWorld();
    const done: string[] = [];
    const poll = createPollMarketData({
      telemetry: world.telemetry,
      clock: world.ports.clock,
      settings: world.settings,
      messages: { send: async () => void done.push("published") },
      marketData: { ...world.ports.marketData, tend: async () => void done.push("tended") },
    });
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS)];
    await poll(shardOf(world));
    world.answer.snapshots = faultOf("NETWORK");
    await expect(poll(shardOf(world))).rejects.toThrow();
    expect(done).toEqual(["published", "tended", "published", "tended"]);
  });

  it("says that a person is needed when credentials or the schema are wrong", async () => {
    const world = openWorld();
    world.answer.snapshots = faultOf("SCHEMA_ERROR");
    await expect(world.functions.pollMarketData(shardOf(world))).rejects.toMatchObject({
      name: "TerminalError",
    });
    const [evidence] = await world.telemetry.loadEvidence("market-data", 1);
    expect(evidence?.fault).toBe("schema");
  });

  it("counts what cannot be read, apart from what is missing (defect 10)", async () => {
    const world = openWorld();
    world.answer.snapshots = answerWith({
      unreadable: [{ symbol: IBM, reason: "latestQuote.bp is no number." }],
    });
    const polled = await world.functions.pollMarketData(shardOf(world));
    expect(polled).toMatchObject({ polled: 2, valid: 1, rejected: { unreadable: 1 } });
    expect(polled.samples).toEqual({ unreadable: "IBM" });
    const funnel = await world.telemetry.loadFunnel(SESSION.date);
    expect(funnel.stopped).toEqual({ "valid.unreadable": 1 });
  });

  it("skips a symbol whose own request failed, and goes on with the others (B4)", async () => {
    const world = openWorld();
    const fault = {
      type: "VendorFault",
      vendor: "yahoo",
      class: "NETWORK",
      detail: "504",
    } as const;
    world.answer.snapshots = answerWith({ failed: [{ symbol: IBM, fault }] });
    expect(await world.functions.pollMarketData(shardOf(world))).toMatchObject({
      valid: 1,
      rejected: { NETWORK: 1 },
    });
    expect((await messageOf(world)).quotes.map(({ symbol }) => symbol)).toEqual([SPY]);
  });
});

/** SPY as it should be, and whatever is told of IBM. */
const answerWith = (told: Partial<SnapshotAnswer>): SnapshotAnswer => ({
  snapshots: [snapshotOf(SPY, TEN_MS)],
  missing: [],
  ...told,
});

const twoVendors = () => {
  const settings = settingsWith();
  return openWorld({ validation: { ...settings.validation, vendorsToAgree: 2 } });
};
const report = (vendor: VendorReport["vendor"], outcome: VendorReport["outcome"]) => ({
  vendor,
  outcome,
  latencyMs: 20,
  standing: NEW_STANDING,
  measures: {
    p50Ms: 12,
    p95Ms: 20,
    requestsLeft: 59,
    requestsPerMinute: 60,
    answers: 8,
    answersOverKept: 7,
  },
});

describe("polling where two vendors have to agree", () => {
  const failed = {
    type: "failed",
    fault: { type: "VendorFault", vendor: "polygon", class: "NETWORK", detail: "503" },
  } as const;

  it("publishes quotes with those who confirm them, and is full", async () => {
    const world = twoVendors();
    world.answer.snapshots = {
      snapshots: [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS)],
      witnesses: [SPY, IBM].map((symbol) => ({
        ...snapshotOf(symbol, TEN_MS, "100.01", "100.03"),
        source: "polygon" as const,
      })),
      missing: [],
    };
    const polled = await world.functions.pollMarketData(shardOf(world));
    expect(polled).toMatchObject({ valid: 2, confirmed: 2, dataMode: "full" });
    const { quotes } = await messageOf(world);
    expect(quotes.map(({ confirmedBy }) => confirmedBy)).toEqual([["polygon"], ["polygon"]]);
    expect(await world.telemetry.loadQuotes(0)).toMatchObject(quotes);
  });

  it("goes on with one vendor for exits, marks its quotes, and says that nothing can be entered", async () => {
    const world = twoVendors();
    world.answer.snapshots = {
      snapshots: [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS)],
      missing: [],
      vendors: [report("alpaca", { type: "answered", symbols: 2 }), report("polygon", failed)],
    };
    const polled = await world.functions.pollMarketData(shardOf(world));
    expect(polled).toMatchObject({ valid: 2, confirmed: 0, dataMode: "fewerVendors" });
    expect((await messageOf(world)).quotes.map(({ confirmedBy }) => confirmedBy)).toEqual([[], []]);
    const [evidence] = await world.telemetry.loadEvidence("market-data", 1);
    expect(evidence).toMatchObject({ succeeded: false });
    expect(evidence?.detail).toContain("No second vendor confirms 2. Data mode: fewerVendors.");
    expect(await world.telemetry.loadFeed(0)).toMatchObject({
      dataMode: "fewerVendors",
      vendors: [
        { vendor: "alpaca", outcome: "answered", reason: "" },
        { vendor: "polygon", outcome: "failed", reason: "NETWORK: 503" },
      ],
    });
  });

  it("keeps what became of every vendor when none of them answered", async () => {
    const world = twoVendors();
    const vendors = [report("alpaca", failed), report("polygon", failed)];
    world.answer.snapshots = { ...failed.fault, vendors };
    await expect(world.functions.pollMarketData(shardOf(world))).rejects.toThrow("503");
    expect(await world.telemetry.loadFeed(0)).toMatchObject({
      dataMode: "static",
      vendors: [
        { vendor: "alpaca", outcome: "failed", p95Ms: 20, requestsLeft: 59 },
        { vendor: "polygon", outcome: "failed", answers: 8, answersOverKept: 7 },
      ],
    });
  });

  it("is cached on the session's quotes, and static on those of a session before", async () => {
    const world = twoVendors();
    world.answer.snapshots = { snapshots: [], missing: [SPY, IBM] };
    const polled = await world.functions.pollMarketData(shardOf(world));
    expect(polled.dataMode).toBe("static");
    world.advance(60_000);
    world.answer.snapshots = { snapshots: [snapshotOf(SPY, world.nowMs())], missing: [IBM] };
    await world.functions.pollMarketData(shardOf(world));
    world.advance(60_000);
    world.answer.snapshots = { snapshots: [], missing: [SPY, IBM] };
    expect((await world.functions.pollMarketData(shardOf(world))).dataMode).toBe("cached");
  });
});
