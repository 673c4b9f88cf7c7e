import { describe, expect, it } from "vitest";
import { afterQuote } from "../../shared/domain/signals/basic-signal.ts";
import type { Direction } from "../../shared/domain/signals/direction.ts";
import { enrichFlow } from "../../shared/domain/signals/enrich-flow.ts";
import { decideSymbol } from "../../shared/use-cases/decide/decide-symbol.ts";
import { createScoreSignals } from "../../shared/use-cases/score-signals.ts";
import { quoteOf } from "../fixtures/orders.ts";
import {
  bullishFlow,
  holdingCell,
  openWorld,
  SESSION,
  settingsWith,
  SPY,
  TEN_MS,
  ticker,
  tradingCell,
} from "./cycle-world.ts";

const settings = settingsWith();
const MINUTE_MS = 60_000;

const decide = (input: {
  readonly held: number;
  readonly basic: Direction;
  readonly flowAtMs?: number;
}) => {
  const base = tradingCell(settings, TEN_MS);
  return decideSymbol(
    {
      symbol: SPY,
      quote: quoteOf("99.99", "100.01", TEN_MS, SPY),
      lastKnown: undefined,
      flow:
        input.flowAtMs === undefined
          ? undefined
          : enrichFlow(bullishFlow(SPY, input.flowAtMs), TEN_MS, settings.enrichment),
      tide: undefined,
      withoutFlow: "flowMissing",
      basic: {
        ...afterQuote(undefined, quoteOf("99.99", "100.01", TEN_MS, SPY), TEN_MS),
        waiting: [],
        toldDirection: input.basic,
      },
      cell: input.held === 0 ? base : holdingCell(base, SPY, input.held),
      session: SESSION,
      sessionDate: SESSION.date,
      slotMs: TEN_MS,
      nowMs: TEN_MS,
    },
    settings,
  );
};

describe("while the model is missing (E8)", () => {
  it("what is held is closed when basic indicators turn against it, and says so", () => {
    const { intent } = decide({ held: 3, basic: "bearish" });
    expect(intent).toMatchObject({ purpose: "exit", side: "sell", score: null });
    expect(intent?.reason).toBe("signalReversal by basic indicators");
    expect(decide({ held: -3, basic: "bullish" }).intent).toMatchObject({ side: "buy" });
  });

  it("what is held is kept while they agree or say nothing", () => {
    for (const basic of ["bullish", "neutral"] as const) {
      expect(decide({ held: 3, basic }).intent).toBeUndefined();
    }
  });

  it("nothing is entered, whatever they say", () => {
    for (const basic of ["bullish", "bearish"] as const) {
      const { intent, stop } = decide({ held: 0, basic });
      expect([intent, stop?.stage]).toEqual([undefined, "scored"]);
    }
  });

  it("stale flow counts as missing; fresh flow decides alone", () => {
    const stale = TEN_MS - 100 * MINUTE_MS;
    expect(decide({ held: 3, basic: "bearish", flowAtMs: stale }).intent?.purpose).toBe("exit");
    expect(decide({ held: 3, basic: "bearish", flowAtMs: TEN_MS }).intent).toBeUndefined();
  });

  it("the score's record and the evidence say what the exits are decided by", async () => {
    const world = openWorld();
    const other = ticker("IBM");
    await world.save(holdingCell(tradingCell(world.settings, TEN_MS), other, 3));
    const quotes = [quoteOf("99.99", "100.01", world.nowMs(), other)];
    const nowhere = { send: async () => undefined };
    const { ledger, telemetry, ports } = world;
    const deps = { ledger, telemetry, clock: ports.clock, settings: world.settings };
    const score = createScoreSignals({ ...deps, orders: nowhere, exits: nowhere });
    await score({ cycleId: "c", slotMs: TEN_MS, sessionDate: SESSION.date, shard: 0, quotes });
    const [record] = await world.telemetry.loadScores(0);
    expect(record).toMatchObject({ symbol: other, basis: "basicIndicators", direction: "neutral" });
    const [evidence] = await world.telemetry.loadEvidence("score-signals", 1);
    expect(evidence?.detail).toContain("basic indicators decide the exits of 1 symbols");
  });
});
