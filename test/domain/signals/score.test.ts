import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshnessOf } from "../../../shared/domain/signals/freshness.ts";
import type { EnrichedFlow } from "../../../shared/domain/signals/enrich-flow.ts";
import type { MarketTide } from "../../../shared/domain/signals/flow.ts";
import { MODEL } from "../../../shared/domain/signals/model.ts";
import { scoreFlow } from "../../../shared/domain/signals/score.ts";
import { DEFAULT_WEIGHTS, type ComponentName } from "../../../shared/domain/signals/weights.ts";
import { enrichedFlows, marketTides } from "./arbitraries.ts";
import { REFERENCE_AT_MS, REFERENCE_FLOW } from "./reference-flow.ts";

const scoreOf = (flow: EnrichedFlow, nowMs = REFERENCE_AT_MS, tide?: MarketTide) =>
  scoreFlow(flow, tide, DEFAULT_WEIGHTS, nowMs);

const names = Object.keys(DEFAULT_WEIGHTS) as ComponentName[];

describe("the model", () => {
  it("has no more components than a number has bits, one of which stands for each", () => {
    expect(MODEL.length).toBeLessThanOrEqual(31);
  });
});

describe("the default weights", () => {
  it("are 21, of which the positive ones sum to 11.85", () => {
    const positive = Object.values(DEFAULT_WEIGHTS).filter((weight) => weight > 0);
    expect(names).toHaveLength(21);
    expect(positive.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(11.85, 10);
  });
});

describe("the composite score", () => {
  it("of the reference evidence is 6.119", () => {
    const { score, direction, components, missing } = scoreOf(REFERENCE_FLOW);
    expect(score.toFixed(3)).toBe("6.119");
    expect(direction).toBe("bullish");
    const values = new Map(components.map(({ name, value }) => [name, value]));
    const expected: readonly (readonly [ComponentName, number])[] = [
      ["options_flow", 2.28],
      ["dark_pool", 1.69],
      ["insider", 0.4],
      ["institutional", 0.575],
      ["iv_term_skew", 0.117],
      ["smile_slope", 0.042],
      ["event_alignment", 0.32],
      ["whale_persistence", 0.665],
      ["iv_rank", 0.03],
    ];
    for (const [name, value] of expected) expect(values.get(name)).toBeCloseTo(value, 10);
    expect(missing).toEqual(
      expect.arrayContaining(["congress", "shorts_squeeze", "market_tide", "etf_flow"]),
    );
  });

  it("without sentiment and conviction drops below the floor of the mock signal, 4.0", () => {
    const { score, direction, missing } = scoreOf({ ...REFERENCE_FLOW, sentiment: undefined });
    expect(score).toBeLessThan(4);
    expect(direction).toBe("neutral");
    expect(missing).toContain("options_flow");
  });

  it("of two hours ago is a tenth, because freshness is clamped", () => {
    const later = REFERENCE_AT_MS + 45 * 60_000 * -Math.log(0.07);
    const { score, freshness } = scoreOf(REFERENCE_FLOW, later);
    expect(freshness).toBe(0.1);
    expect(score).toBeCloseTo(0.612, 3);
  });

  it("is nothing without a time stamp of the flow", () => {
    expect(scoreOf({ ...REFERENCE_FLOW, newestAlertAtMs: undefined }).score).toBe(0);
  });

  it("is the clamped sum of its components times freshness, for any evidence", () => {
    fc.assert(
      fc.property(enrichedFlows, marketTides, fc.nat({ max: 10_800_000 }), (flow, tide, ageMs) => {
        const nowMs = REFERENCE_AT_MS + ageMs;
        const { score, components, missing, freshness } = scoreOf(flow, nowMs, tide);
        const sum = components.reduce((total, { value }) => total + value, 0);
        expect(score).toBeCloseTo(Math.min(8, Math.max(0, sum * freshness)), 10);
        expect(freshness).toBe(freshnessOf(flow.newestAlertAtMs, nowMs));
        const named = [...components.map(({ name }) => name), ...missing];
        expect(named.toSorted()).toEqual(names.toSorted());
      }),
    );
  });

  it("is made anew where weighing the one before broke off half-way", () => {
    const { evidence } = REFERENCE_FLOW;
    const first = scoreOf(REFERENCE_FLOW);
    const weaker: EnrichedFlow = { ...REFERENCE_FLOW, sentiment: undefined };
    const daily = { ...evidence.daily };
    Object.defineProperty(daily, "insider", {
      get: () => {
        throw new Error("broken");
      },
    });
    const broken = { ...weaker, evidence: { ...evidence, daily } };
    const scoreAfterFirst = (flow: EnrichedFlow) =>
      scoreFlow(flow, undefined, DEFAULT_WEIGHTS, REFERENCE_AT_MS, first);
    expect(() => scoreAfterFirst(broken)).toThrow("broken");
    const again = scoreAfterFirst(weaker);
    expect(again.score).toBe(scoreOf(weaker).score);
    expect(again.missing).toContain("options_flow");
  });

  it("never grows while the evidence ages", () => {
    fc.assert(
      fc.property(
        enrichedFlows,
        fc.nat({ max: 7_200_000 }),
        fc.nat({ max: 7_200_000 }),
        (flow, ageMs, moreMs) => {
          const younger = scoreOf(flow, REFERENCE_AT_MS + ageMs);
          const older = scoreOf(flow, REFERENCE_AT_MS + ageMs + moreMs);
          expect(older.score).toBeLessThanOrEqual(younger.score);
        },
      ),
    );
  });

  it("stays the same in size when all evidence is turned round, where the model is symmetric", () => {
    const { daily } = REFERENCE_FLOW.evidence;
    const flow: EnrichedFlow = {
      ...REFERENCE_FLOW,
      evidence: {
        ...REFERENCE_FLOW.evidence,
        daily: {
          ...daily,
          insider: undefined,
          institutional: { ...daily.institutional!, direction: "bearish" },
          ivTermSkew: { ...daily.ivTermSkew!, direction: "bearish" },
        },
      },
      sentiment: { ...REFERENCE_FLOW.sentiment!, direction: "bearish" },
      darkPool: { ...REFERENCE_FLOW.darkPool!, direction: "bearish" },
    };
    const bearish = scoreOf(flow);
    expect(bearish.direction).toBe("bearish");
    expect(bearish.score).toBeCloseTo(6.119 - 0.4, 3);
  });

  it("takes no part from a field that is absent: every absence is listed, none is filled", () => {
    const bare: EnrichedFlow = {
      evidence: { symbol: REFERENCE_FLOW.evidence.symbol, daily: {} },
      sentiment: undefined,
      darkPool: undefined,
      toxicity: undefined,
      newestAlertAtMs: REFERENCE_AT_MS,
    };
    const { score, components, missing, conviction, toxicity } = scoreOf(bare);
    expect({ score, components, conviction, toxicity }).toEqual({
      score: 0,
      components: [],
      conviction: 0,
      toxicity: undefined,
    });
    expect(missing).toHaveLength(21);
  });

  it("is the same after any score before it, of which it keeps what did not change", () => {
    fc.assert(
      fc.property(
        enrichedFlows,
        enrichedFlows,
        fc.array(marketTides, { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 10_800_000 }),
        (one, other, tides, ageMs) => {
          const [tide] = tides;
          const before = scoreOf(one, REFERENCE_AT_MS, tide);
          const nowMs = REFERENCE_AT_MS + ageMs;
          for (const flow of [one, { ...one }, other]) {
            for (const now of tides) {
              const after = scoreFlow(flow, now, DEFAULT_WEIGHTS, nowMs, before);
              expect(after).toEqual(scoreOf(flow, nowMs, now));
            }
          }
          const again = scoreOf(one, REFERENCE_AT_MS, tide);
          const anew = scoreFlow({ ...one }, tide, DEFAULT_WEIGHTS, nowMs, again);
          expect(anew.components).toBe(again.components);
        },
      ),
    );
  });

  it("is the same whichever parts of the flow stayed the same objects", () => {
    const isKept = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(enrichedFlows, enrichedFlows, isKept, marketTides, (one, other, kept, tide) => {
        const before = scoreOf(one, REFERENCE_AT_MS, tide);
        const mixed = (from: object, to: object): object =>
          Object.fromEntries(
            Object.keys({ ...from, ...to }).map((key, index) => [
              key,
              Reflect.get(kept[index] === true ? from : to, key),
            ]),
          );
        // Each part is of the one or of the other: what stays is the same object.
        const evidence = mixed(one.evidence, other.evidence);
        const flow = { ...mixed(one, other), evidence } as EnrichedFlow;
        const after = scoreFlow(flow, tide, DEFAULT_WEIGHTS, REFERENCE_AT_MS, before);
        expect(after).toEqual(scoreOf(flow, REFERENCE_AT_MS, tide));
      }),
    );
  });

  it("takes a strength beyond the model's range for a broken input", () => {
    const flow = structuredClone(REFERENCE_FLOW);
    for (const alignment of [Number.NaN, 80, -80]) {
      const broken = scoreOf({
        ...flow,
        evidence: {
          ...flow.evidence,
          daily: { ...flow.evidence.daily, eventAlignment: { alignment, observedAtMs: 0 } },
        },
      });
      expect(broken.missing).toContain("event_alignment");
      expect(broken.score).toBeCloseTo(6.119 - 0.32, 3);
    }
  });
});
