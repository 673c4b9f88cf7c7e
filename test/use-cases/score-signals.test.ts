import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SQSEvent } from "aws-lambda";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import { createScoreSignals } from "../../shared/use-cases/score-signals.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { createTextItemStore } from "../adapters/stored/text-item-store.ts";
import { decideSymbol } from "../../shared/use-cases/decide/decide-symbol.ts";
import { enrichFlow } from "../../shared/domain/signals/enrich-flow.ts";
import type { StoredFlow } from "../../shared/ports/telemetry.ts";
import {
  bullishFlow,
  faultOf,
  holdingCell,
  IBM,
  openWorld,
  price,
  REGION,
  SESSION,
  settingsWith,
  snapshotOf,
  SPY,
  TEN_MS,
  ticker,
  tradingCell,
  type CycleWorld,
} from "./cycle-world.ts";
import { claimOf, inFlightOf } from "../fixtures/claims.ts";
import { intentOf } from "../fixtures/orders.ts";
import { queueEvent } from "../lambdas/events.ts";

/** Polls, and hands what was published to score-signals. */
const pollAndScore = async (world: CycleWorld): Promise<SQSEvent> => {
  await world.functions.pollMarketData({
    shard: 0,
    symbols: ["SPY", "IBM"],
    cycleId: "cycle-1",
    slotMs: Math.floor(world.nowMs() / 60_000) * 60_000,
  });
  const event = queueEvent("market-data", await world.receive("marketData"));
  expect(await world.functions.scoreSignals(event)).toEqual({ batchItemFailures: [] });
  return event;
};

const intentsIn = async (
  world: CycleWorld,
  queue: "orders" | "exits",
): Promise<readonly OrderIntent[]> =>
  (await world.receive(queue)).map((message) => JSON.parse(message.body) as OrderIntent);

const tradingWorld = async (
  change: (cell: ControlCell) => ControlCell = (cell) => cell,
): Promise<CycleWorld> => {
  const world = openWorld();
  await world.save(change(tradingCell(world.settings, TEN_MS)));
  world.answer.snapshots = [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS)];
  await world.telemetry.recordFlow({ evidence: [bullishFlow(SPY, TEN_MS)], marketTide: undefined });
  return world;
};

const outcomeOf = async (world: CycleWorld, symbol: string): Promise<string | undefined> =>
  (await world.telemetry.loadScores(0)).find((score) => score.symbol === symbol)?.outcome;

describe("scoring signals", () => {
  it("turns a strong signal into one entry named by its decision, and explains the rest", async () => {
    const world = await tradingWorld();
    await pollAndScore(world);
    const intents = await intentsIn(world, "orders");
    expect(intents).toHaveLength(1);
    expect(intents[0]).toMatchObject({
      clientOrderId: "hf_core_main_SPY_20131007_1000_buy_entry_0",
      purpose: "entry",
      side: "buy",
      quantity: shares(4),
      pricing: { type: "limit" },
      referencePrice: price("100.02"),
      validUntilMs: TEN_MS + 60_000,
    });
    expect(await outcomeOf(world, "SPY")).toBe("hf_core_main_SPY_20131007_1000_buy_entry_0");
    expect(await outcomeOf(world, "IBM")).toBe("scored.flowMissing");
    expect(await world.telemetry.loadFunnel(SESSION.date)).toMatchObject({
      passed: { scored: 1, gated: 1, intended: 1 },
      stopped: { "scored.flowMissing": 1 },
    });
    expect(await world.telemetry.loadEvidence("intents", 2)).toHaveLength(1);
  });

  it("weighs one tide of the market with every symbol, and lists it as missing without one", async () => {
    const world = await tradingWorld();
    const evidence = [bullishFlow(SPY, TEN_MS), bullishFlow(IBM, TEN_MS)];
    const weights = settingsWith().weights;
    for (const [calls, strength] of [
      [100, 1],
      [-100, -0.25],
      [undefined, undefined],
    ] as const) {
      const marketTide =
        calls === undefined
          ? undefined
          : { netCallPremium: usd(calls), netPutPremium: usd(0), observedAtMs: TEN_MS };
      await world.telemetry.recordFlow({ evidence, marketTide });
      await pollAndScore(world);
      const scores = await world.telemetry.loadScores(0);
      expect(scores.map(({ symbol }) => symbol)).toEqual(["SPY", "IBM"]);
      for (const { components, missing } of scores) {
        const value = components.find(({ name }) => name === "market_tide")?.value;
        expect(value).toBe(strength === undefined ? undefined : strength * weights.market_tide);
        expect(missing.includes("market_tide")).toBe(strength === undefined);
      }
    }
  });

  it("makes the same intents under the same ids when a message comes twice", async () => {
    const world = await tradingWorld();
    const event = await pollAndScore(world);
    await world.functions.scoreSignals(event);
    expect(await intentsIn(world, "orders")).toHaveLength(1);
  });

  it.each<[string, (cell: ControlCell) => ControlCell]>([
    [
      "intended.tradingHalted",
      (cell) => ({ ...cell, tradingState: { ...cell.tradingState, mode: "halted" } }),
    ],
    [
      "intended.tradingReducing",
      (cell) => ({ ...cell, tradingState: { ...cell.tradingState, mode: "reducing" } }),
    ],
    ["intended.notActiveRegion", (cell) => ({ ...cell, activeRegion: "us-west-2" })],
    [
      "intended.notReconciled",
      (cell) => ({ ...cell, reconciliation: { state: "unverified", cleanAtMs: null } }),
    ],
    ["intended.positionHeld", (cell) => holdingCell(cell, SPY, 3)],
  ])("gives the reason for which nothing is entered: %s", async (outcome, change) => {
    const world = await tradingWorld(change);
    await pollAndScore(world);
    expect(await intentsIn(world, "orders")).toEqual([]);
    expect(await outcomeOf(world, "SPY")).toBe(outcome);
  });

  it("makes no second entry while anything is in flight in the symbol", async () => {
    const clientOrderId = parseClientOrderId("hf_core_main_SPY_20131007_0959_buy_entry_0")!;
    const claim = claimOf({ ...intentOf({ symbol: SPY }), clientOrderId }, { stage: "unknown" });
    const world = await tradingWorld((cell) => ({ ...cell, ...inFlightOf(claim) }));
    await pollAndScore(world);
    expect(await outcomeOf(world, "SPY")).toBe("intended.inFlight");
  });

  it("sends an exit of the whole position at the stop, and no entry beside it", async () => {
    const world = await tradingWorld((cell) => holdingCell(cell, SPY, 3));
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS, "97.00", "97.02")];
    await pollAndScore(world);
    const exits = await intentsIn(world, "exits");
    expect(exits).toHaveLength(1);
    expect(exits[0]).toMatchObject({
      clientOrderId: "hf_core_main_SPY_20131007_1000_sell_exit_0",
      purpose: "exit",
      side: "sell",
      quantity: shares(3),
      pricing: { type: "market" },
      reason: "stop",
    });
    expect(await intentsIn(world, "orders")).toEqual([]);
  });

  it("closes on time what has no quote, was removed from the configuration, or lost its vendor", async () => {
    const gone = ticker("GONE");
    const world = await tradingWorld((cell) => holdingCell(holdingCell(cell, SPY, 3), gone, 2));
    world.advance(SESSION.closesAtMs - 5 * 60_000 - TEN_MS);
    world.answer.snapshots = [snapshotOf(IBM, world.nowMs())];
    await pollAndScore(world);
    const exits = await intentsIn(world, "exits");
    expect(exits.map(({ symbol, reason }) => [symbol, reason])).toEqual([
      ["SPY", "time, endOfDay"],
      ["GONE", "time, endOfDay"],
    ]);
  });

  it("exits what fell below its stop, and enters nothing, while the broker's clock is unknown", async () => {
    const world = await tradingWorld((cell) => holdingCell(cell, IBM, 3));
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS, "97.00", "97.02")];
    world.answer.clock = faultOf("RATE_LIMIT");
    const slot = new Date(world.nowMs()).toISOString();
    const { shards } = await world.functions.openCycle({ slot });
    for (const shard of shards) await world.functions.pollMarketData(shard);
    const event = queueEvent("market-data", await world.receive("marketData"));
    await world.functions.scoreSignals(event);
    expect(await intentsIn(world, "orders")).toEqual([]);
    const [exit] = await intentsIn(world, "exits");
    expect(exit).toMatchObject({ symbol: "IBM", reason: "stop", referencePrice: price("97.00") });
    const { passed, stopped } = await world.telemetry.loadFunnel(SESSION.date);
    expect(passed).toMatchObject({ polled: 2, valid: 2, intended: 1 });
    expect(stopped).toMatchObject({ "scored.exitsOnly": 2 });
  });

  it("exits what is held whatever another symbol is told of, and says whose flow is broken", async () => {
    const world = await tradingWorld((cell) => holdingCell(cell, IBM, 3));
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS, "97.00", "97.02")];
    // Each is money; both are more than an amount can be.
    const print = {
      symbol: SPY,
      price: price("100.00"),
      size: 1,
      notional: usd(5_000_000_000),
      bid: price("99.99"),
      ask: price("100.01"),
      isCanceled: false,
    };
    const prints = [1_000, 2_000].map((ageMs) => ({ ...print, executedAtMs: TEN_MS - ageMs }));
    const spy = { ...bullishFlow(SPY, TEN_MS), darkPool: { observedAtMs: TEN_MS, prints } };
    await world.telemetry.recordFlow({ evidence: [spy], marketTide: undefined });
    await pollAndScore(world);
    expect((await intentsIn(world, "exits")).map(({ symbol }) => symbol)).toEqual(["IBM"]);
    expect(await intentsIn(world, "orders")).toEqual([]);
    expect(await outcomeOf(world, "SPY")).toBe("scored.flowBroken");
    expect((await world.telemetry.loadEvidence("score-signals", 1))[0]?.detail).toContain(
      "Nothing can be made of the flow of SPY.",
    );
  });

  it("takes a tide for missing that is older than the alerts that count", async () => {
    const world = await tradingWorld();
    const { windowMs } = world.settings.enrichment;
    const evidence = [bullishFlow(SPY, TEN_MS)];
    for (const [ageMs, isMissing] of [
      [windowMs, false],
      [windowMs + 1, true],
    ] as const) {
      const observedAtMs = TEN_MS - ageMs;
      const marketTide = { netCallPremium: usd(100), netPutPremium: usd(0), observedAtMs };
      await world.telemetry.recordFlow({ evidence, marketTide });
      await pollAndScore(world);
      const scores = await world.telemetry.loadScores(0);
      const spy = scores.find(({ symbol }) => symbol === "SPY");
      expect(spy?.missing.includes("market_tide")).toBe(isMissing);
    }
  });

  it("says for how many symbols a stored tide is missing that cannot be read", async () => {
    const world = await tradingWorld();
    const sent: string[] = [];
    const store = createTextItemStore();
    const telemetry = createStoredTelemetry(store, { region: REGION });
    const score = createScoreSignals({
      ledger: world.ledger,
      telemetry,
      orders: { send: async () => void sent.push("entry") },
      exits: { send: async () => void sent.push("exit") },
      clock: world.ports.clock,
      settings: world.settings,
    });
    const marketTide = { netCallPremium: usd(9), netPutPremium: usd(0), observedAtMs: TEN_MS };
    await telemetry.recordFlow({ evidence: [bullishFlow(SPY, TEN_MS)], marketTide });
    await world.functions.pollMarketData({
      shard: 0,
      symbols: ["SPY", "IBM"],
      cycleId: "c",
      slotMs: TEN_MS,
    });
    const quotes = await world.telemetry.loadQuotes(0);
    const message = { cycleId: "c", slotMs: TEN_MS, sessionDate: SESSION.date, shard: 0, quotes };
    const told = async (): Promise<string | undefined> =>
      (await telemetry.loadEvidence("score-signals", 1))[0]?.detail;
    await score(message);
    expect(await told()).toBe("c, shard 0: 2 quotes.");
    world.advance(1_000);
    await store.damage({ partition: `tide#${REGION}`, sort: "latest" }, (item) => ({
      ...item,
      document: { marketTide: { netCallPremium: "9" } },
    }));
    await score({ ...message, cycleId: "d" });
    expect(await told()).toBe(
      "d, shard 0: 2 quotes. " +
        "The market's tide that is stored cannot be read: 2 symbols do without.",
    );
    const scores = await telemetry.loadScores(0);
    expect(scores.find(({ symbol }) => symbol === SPY)?.missing).toContain("market_tide");
  });

  it("still exits, and enters nothing, while flow cannot be read (defect 10)", async () => {
    const world = await tradingWorld((cell) => holdingCell(cell, IBM, 3));
    const sent: string[] = [];
    const score = createScoreSignals({
      ledger: world.ledger,
      telemetry: {
        ...world.telemetry,
        loadFlow: () => Promise.reject(new RetryableError("The store does not answer.")),
      },
      orders: { send: async () => void sent.push("entry") },
      exits: { send: async () => void sent.push("exit") },
      clock: world.ports.clock,
      settings: world.settings,
    });
    world.answer.snapshots = [snapshotOf(SPY, TEN_MS), snapshotOf(IBM, TEN_MS, "97.00", "97.02")];
    await world.functions.pollMarketData({
      shard: 0,
      symbols: ["SPY", "IBM"],
      cycleId: "c",
      slotMs: TEN_MS,
    });
    const quotes = await world.telemetry.loadQuotes(0);
    await score({ cycleId: "c", slotMs: TEN_MS, sessionDate: SESSION.date, shard: 0, quotes });
    expect(sent).toEqual(["exit"]);
    expect(await outcomeOf(world, "SPY")).toBe("scored.flowUnavailable");
  });

  it("decides on its own cell's positions, whatever another message reads meanwhile", async () => {
    const world = await tradingWorld();
    const flat = tradingCell(world.settings, TEN_MS);
    const cells = [holdingCell(flat, IBM, 3), flat];
    const flow = Promise.withResolvers<StoredFlow>();
    const isAsked = Promise.withResolvers<void>();
    const nothing = { evidence: [], marketTide: undefined, isTideBroken: false };
    const flows = [
      () => {
        isAsked.resolve();
        return flow.promise;
      },
    ];
    const sent: string[] = [];
    const score = createScoreSignals({
      ledger: { loadCell: async () => ({ ok: true, value: cells.shift() }) },
      telemetry: { ...world.telemetry, loadFlow: async () => flows.shift()?.() ?? nothing },
      orders: { send: async () => void sent.push("entry") },
      exits: { send: async () => void sent.push("exit") },
      clock: world.ports.clock,
      settings: world.settings,
    });
    world.answer.snapshots = [snapshotOf(IBM, TEN_MS, "97.00", "97.02")];
    await world.functions.pollMarketData({
      shard: 0,
      symbols: ["IBM"],
      cycleId: "c",
      slotMs: TEN_MS,
    });
    const quotes = await world.telemetry.loadQuotes(0);
    const message = { cycleId: "c", slotMs: TEN_MS, sessionDate: SESSION.date, shard: 0, quotes };
    const first = score(message);
    await isAsked.promise;
    await score(message);
    flow.resolve(nothing);
    await first;
    expect(sent).toEqual(["exit"]);
  });

  it("decides on the newest of several quotes and counts the others", async () => {
    const world = await tradingWorld();
    world.answer.snapshots = [
      snapshotOf(SPY, TEN_MS - 2_000, "100.00", "100.02"),
      snapshotOf(SPY, TEN_MS, "100.04", "100.06"),
    ];
    await pollAndScore(world);
    const [intent] = await intentsIn(world, "orders");
    expect(intent?.referencePrice).toBe(price("100.06"));
    const funnel = await world.telemetry.loadFunnel(SESSION.date);
    expect(funnel.stopped["scored.superseded"]).toBe(1);
  });

  it("sheds a backlog's entries, counted, and decides its exits on the price that is known last", async () => {
    const world = await tradingWorld((cell) => holdingCell(cell, IBM, 3));
    const event = await pollAndScore(world);
    for (const name of ["orders", "exits"] as const) {
      for (const { receipt } of await world.queues[name].receive(10)) {
        await world.queues[name].remove(receipt);
      }
    }
    world.advance(91_000);
    const newer = [
      snapshotOf(SPY, world.nowMs(), "100.04", "100.06"),
      snapshotOf(IBM, world.nowMs(), "90.00", "90.02"),
    ];
    world.answer.snapshots = newer;
    await world.functions.pollMarketData({
      shard: 0,
      symbols: ["SPY", "IBM"],
      cycleId: "newer",
      slotMs: TEN_MS + 60_000,
    });
    // The older message is delivered first: it brings no entry, and the stop of what is held.
    await world.functions.scoreSignals(event);
    expect(await intentsIn(world, "orders")).toEqual([]);
    expect((await intentsIn(world, "exits")).map(({ symbol }) => symbol)).toEqual([IBM]);
    const { stopped } = await world.telemetry.loadFunnel(SESSION.date);
    expect(stopped["scored.messageStale"]).toBe(2);
  });
});

describe("a decision about one symbol", () => {
  const settings = settingsWith();

  it("is an exit that only reduces, or an entry of what is flat; never both, never unexplained", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: 5_000, max: 15_000 }),
        fc.constantFrom("active" as const, "reducing" as const, "halted" as const),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (held, cents, mode, hasFlow, isActive, isOpen) => {
          const base = tradingCell(settings, TEN_MS);
          const cell: ControlCell = {
            ...(held === 0 ? base : holdingCell(base, SPY, held)),
            tradingState: { ...base.tradingState, mode },
            activeRegion: isActive ? REGION : "us-west-2",
          };
          const { quote } = snapshotOf(SPY, TEN_MS, (cents / 100).toFixed(2), "150.02");
          const valid = {
            ...quote!,
            mid: quote!.bid,
            source: "alpaca",
            receivedAtMs: TEN_MS,
            confirmedBy: "single",
          };
          const decision = decideSymbol(
            {
              symbol: SPY,
              // Only its fields matter here, and they are those of a valid quote.
              quote: { ...valid, last: undefined, volume: undefined } as never,
              lastKnown: undefined,
              flow: hasFlow
                ? enrichFlow(bullishFlow(SPY, TEN_MS), TEN_MS, settings.enrichment)
                : undefined,
              tide: undefined,
              withoutFlow: "flowMissing",
              cell,
              session: isOpen ? SESSION : undefined,
              sessionDate: SESSION.date,
              slotMs: TEN_MS,
              nowMs: TEN_MS,
            },
            settings,
          );
          const { intent, stop } = decision;
          expect(intent === undefined).toBe(stop !== undefined);
          if (intent === undefined) return;
          expect(mode).not.toBe("halted");
          expect(isActive && isOpen).toBe(true);
          if (intent.purpose === "entry") {
            expect([held, mode]).toEqual([0, "active"]);
          } else {
            expect(intent.side).toBe(held > 0 ? "sell" : "buy");
            expect(intent.quantity).toBe(shares(Math.abs(held)));
          }
        },
      ),
    );
  });
});
