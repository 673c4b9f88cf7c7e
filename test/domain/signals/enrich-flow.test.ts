import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moneyToFloat, usd, type Money } from "../../../shared/domain/market/money.ts";
import { priceFromUnits } from "../../../shared/domain/market/price.ts";
import { ALERT_SUMMATION } from "../../../shared/domain/signals/alert-sums.ts";
import {
  darkPoolLeaningOf as leaningOfSums,
  PRINT_SUMMATION,
} from "../../../shared/domain/signals/dark-pool-leaning.ts";
import {
  DEFAULT_ENRICHMENT_POLICY,
  enrichFlow,
} from "../../../shared/domain/signals/enrich-flow.ts";
import { flowToxicity as toxicityOfSums } from "../../../shared/domain/signals/flow-toxicity.ts";
import type {
  DarkPoolPrint,
  FlowAlert,
  FlowEvidence,
} from "../../../shared/domain/signals/flow.ts";
import { sentimentOf as sentimentOfSums } from "../../../shared/domain/signals/sentiment.ts";
import { darkPoolPrints, flowAlerts } from "./arbitraries.ts";
import { REFERENCE_AT_MS, REFERENCE_FLOW } from "./reference-flow.ts";
import { sumAll } from "./sum-all.ts";

const sentimentOf = (alerts: readonly FlowAlert[]) =>
  sentimentOfSums(sumAll(ALERT_SUMMATION, alerts));
const flowToxicity = (alerts: readonly FlowAlert[]) =>
  toxicityOfSums(sumAll(ALERT_SUMMATION, alerts));
const darkPoolLeaningOf = (prints: readonly DarkPoolPrint[]) =>
  leaningOfSums(sumAll(PRINT_SUMMATION, prints));

const SPY = REFERENCE_FLOW.evidence.symbol;
const MINUTE_MS = 60_000;
const policy = DEFAULT_ENRICHMENT_POLICY;

const alert = (change: Partial<FlowAlert>): FlowAlert => ({
  symbol: SPY,
  contract: "call",
  strike: priceFromUnits(1_700_000)!,
  expiry: "2013-11-15",
  totalPremium: usd(1_000_000),
  askSidePremium: usd(900_000),
  bidSidePremium: usd(100_000),
  isSweep: false,
  isMultiLeg: false,
  createdAtMs: REFERENCE_AT_MS,
  ...change,
});

const print = (units: number, shares: number, change: Partial<DarkPoolPrint> = {}) => ({
  symbol: SPY,
  price: priceFromUnits(units)!,
  size: shares,
  notional: usd((units * shares) / 10_000),
  bid: priceFromUnits(1_669_900)!,
  ask: priceFromUnits(1_670_100)!,
  isCanceled: false,
  executedAtMs: REFERENCE_AT_MS,
  ...change,
});

const evidenceOf = (alerts: readonly FlowAlert[]): FlowEvidence => ({
  symbol: SPY,
  daily: {},
  flowAlerts: { alerts, observedAtMs: REFERENCE_AT_MS },
});

const measuredBy = ({
  sentiment,
  darkPool,
  toxicity,
  newestAlertAtMs,
}: ReturnType<typeof enrichFlow>) => ({ sentiment, darkPool, toxicity, newestAlertAtMs });

const turned = (one: FlowAlert): FlowAlert => ({
  ...one,
  contract: one.contract === "call" ? "put" : "call",
});

describe("sentiment", () => {
  it("turns round, with the same conviction, when calls and puts change places", () => {
    fc.assert(
      fc.property(fc.array(flowAlerts), (alerts) => {
        const sentiment = sentimentOf(alerts);
        const opposite = sentimentOf(alerts.map(turned));
        expect(opposite.conviction).toBe(sentiment.conviction);
        expect(opposite.netPremium + sentiment.netPremium).toBe(0);
        const directions = [sentiment.direction, opposite.direction].toSorted();
        expect([
          ["bearish", "bullish"],
          ["neutral", "neutral"],
        ]).toContainEqual(directions);
      }),
    );
  });

  it("has no conviction exactly when it is neutral", () => {
    fc.assert(
      fc.property(fc.array(flowAlerts), (alerts) => {
        const { direction, conviction, netPremium } = sentimentOf(alerts);
        expect(conviction === 0).toBe(direction === "neutral");
        expect(conviction).toBeLessThanOrEqual(1);
        expect(direction === "neutral").toBe(Math.abs(moneyToFloat(netPremium)) <= 100_000);
      }),
    );
  });

  it.each<[string, Money, FlowAlert["contract"], object]>([
    ["100,000 of calls", usd(100_000), "call", { direction: "neutral", conviction: 0 }],
    ["a dollar more", usd(100_001), "call", { direction: "bullish" }],
    ["100,001 of puts", usd(100_001), "put", { direction: "bearish" }],
    ["4,750,000 of calls", usd(4_750_000), "call", { direction: "bullish", conviction: 0.95 }],
    ["9,000,000 of puts", usd(9_000_000), "put", { direction: "bearish", conviction: 1 }],
  ])("of %s", (_name, totalPremium, contract, expected) => {
    expect(sentimentOf([alert({ totalPremium, contract })])).toMatchObject(expected);
  });
});

describe("toxicity of the flow", () => {
  it("is a share, and not known without premium", () => {
    fc.assert(
      fc.property(fc.array(flowAlerts), (alerts) => {
        const toxicity = flowToxicity(alerts);
        const isPaid = alerts.some(({ totalPremium }) => totalPremium > 0);
        expect(toxicity !== undefined).toBe(isPaid);
        if (toxicity === undefined) return;
        expect(toxicity).toBeGreaterThanOrEqual(0);
        expect(toxicity).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is what hedges or trades against itself", () => {
    expect(flowToxicity([alert({})])).toBeCloseTo(0.2);
    expect(flowToxicity([alert({ isMultiLeg: true })])).toBe(1);
    expect(flowToxicity([alert({}), alert({ isMultiLeg: true })])).toBeCloseTo(0.6);
    expect(flowToxicity([])).toBeUndefined();
  });
});

describe("the leaning of dark-pool prints", () => {
  it("turns round when every print moves to the other side of its quote", () => {
    fc.assert(
      fc.property(fc.array(darkPoolPrints), (prints) => {
        const mirrored = prints.map((one) => ({
          ...one,
          price: priceFromUnits(one.bid + one.ask - one.price)!,
        }));
        const leaning = darkPoolLeaningOf(prints);
        const opposite = darkPoolLeaningOf(mirrored);
        expect(opposite.notional).toBe(leaning.notional);
        expect(opposite.direction === leaning.direction).toBe(leaning.direction === "neutral");
        expect(leaning.printCount).toBe(prints.filter(({ isCanceled }) => !isCanceled).length);
      }),
    );
  });

  it("is that of the side with one and a half times the other's notional", () => {
    const bought = print(1_670_100, 1_500);
    const sold = print(1_669_900, 900);
    const leaning = darkPoolLeaningOf([bought, sold]);
    expect(leaning).toEqual({ direction: "bullish", notional: bought.notional, printCount: 2 });
    expect(darkPoolLeaningOf([print(1_670_100, 1_000), sold]).direction).toBe("neutral");
  });

  it("takes no side without a quote, at its middle, or when cancelled", () => {
    const noQuote = { bid: priceFromUnits(0)!, ask: priceFromUnits(0)! };
    const prints = [print(1_680_000, 500, noQuote), print(1_670_000, 500)];
    expect(darkPoolLeaningOf(prints)).toMatchObject({ direction: "neutral", printCount: 2 });
    expect(darkPoolLeaningOf([print(1_670_100, 9, { isCanceled: true })]).printCount).toBe(0);
  });
});

describe("enrichment", () => {
  it("counts alerts in the window alone, and takes freshness from the newest of them", () => {
    fc.assert(
      fc.property(fc.array(flowAlerts), (alerts) => {
        const { sentiment, newestAlertAtMs } = enrichFlow(
          evidenceOf(alerts),
          REFERENCE_AT_MS,
          policy,
        );
        const counted = alerts.filter(
          ({ createdAtMs }) =>
            createdAtMs !== undefined && REFERENCE_AT_MS - createdAtMs <= policy.windowMs,
        );
        expect(sentiment).toEqual(sentimentOf(counted));
        expect(newestAlertAtMs).toBe(
          counted.map(({ createdAtMs }) => createdAtMs!).toSorted((a, b) => b - a)[0],
        );
      }),
    );
  });

  it("is the same after any enrichment before it, of which it takes the sums over", () => {
    const isOrdered = fc.boolean();
    // A list as vendors slide it: newest first, from some place on.
    const slides = fc.array(
      fc.record({
        from: fc.nat({ max: 30 }),
        hasAlerts: fc.constantFrom(true, undefined),
        hasPrints: fc.constantFrom(true, undefined),
        laterMs: fc.integer({ min: -MINUTE_MS, max: 90 * MINUTE_MS }),
      }),
      { maxLength: 8 },
    );
    const lists = fc.tuple(fc.array(flowAlerts), fc.array(darkPoolPrints), isOrdered, slides);
    fc.assert(
      fc.property(lists, ([alerts, prints, ordered, steps]) => {
        const sorted = ordered
          ? {
              alerts: alerts
                .filter(({ createdAtMs }) => createdAtMs !== undefined)
                .toSorted((left, right) => right.createdAtMs! - left.createdAtMs!),
              prints: prints
                .filter(({ executedAtMs }) => executedAtMs !== undefined)
                .toSorted((left, right) => right.executedAtMs! - left.executedAtMs!),
            }
          : { alerts, prints };
        let before: ReturnType<typeof enrichFlow> | undefined;
        let nowMs = REFERENCE_AT_MS - 60 * MINUTE_MS;
        for (const { from, hasAlerts, hasPrints, laterMs } of steps) {
          nowMs += laterMs;
          const evidence: FlowEvidence = {
            symbol: SPY,
            daily: {},
            flowAlerts: hasAlerts && {
              alerts: sorted.alerts.slice(from),
              observedAtMs: REFERENCE_AT_MS,
            },
            darkPool: hasPrints && {
              prints: sorted.prints.slice(from),
              observedAtMs: REFERENCE_AT_MS,
            },
          };
          const anew = enrichFlow(evidence, nowMs, policy);
          for (const [asked, at] of [
            [evidence, nowMs],
            [evidence, nowMs + 1],
            [{ ...evidence }, nowMs],
          ] as const) {
            before = enrichFlow(asked, at, policy, before);
          }
          expect(measuredBy(before!)).toEqual(measuredBy(anew));
        }
      }),
    );
  });

  it("does not take the time of asking for the time of the flow", () => {
    const { newestAlertAtMs } = enrichFlow(
      { symbol: SPY, daily: {}, flowAlerts: { alerts: [], observedAtMs: REFERENCE_AT_MS } },
      REFERENCE_AT_MS,
      policy,
    );
    expect(newestAlertAtMs).toBeUndefined();
  });

  it("does not count what has no time stamp or comes from the future", () => {
    const alerts = [
      alert({ createdAtMs: undefined }),
      alert({ createdAtMs: REFERENCE_AT_MS + MINUTE_MS }),
    ];
    const { sentiment, newestAlertAtMs } = enrichFlow(evidenceOf(alerts), REFERENCE_AT_MS, policy);
    expect(sentiment).toMatchObject({ direction: "neutral", conviction: 0 });
    expect(newestAlertAtMs).toBeUndefined();
  });

  it("tells what is not known from what is known to be nothing", () => {
    const unknown = enrichFlow({ symbol: SPY, daily: {} }, REFERENCE_AT_MS, policy);
    expect(unknown).toMatchObject({
      sentiment: undefined,
      darkPool: undefined,
      toxicity: undefined,
    });
    const nothing = enrichFlow(evidenceOf([]), REFERENCE_AT_MS, policy);
    expect(nothing.sentiment).toMatchObject({ direction: "neutral", conviction: 0 });
    expect(nothing.darkPool).toBeUndefined();
  });

  it("prefers the toxicity that is stated to the one that is measured", () => {
    const stated = { toxicity: 0.4, observedAtMs: REFERENCE_AT_MS };
    const evidence = { ...evidenceOf([alert({})]), daily: { toxicity: stated } };
    expect(enrichFlow(evidence, REFERENCE_AT_MS, policy).toxicity).toBe(0.4);
    expect(enrichFlow(evidenceOf([alert({})]), REFERENCE_AT_MS, policy).toxicity).toBeCloseTo(0.2);
  });
});
