import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usd } from "../../../shared/domain/market/money.ts";
import { calendarCatalyst } from "../../../shared/domain/signals/components/calendar-catalyst.ts";
import { congress } from "../../../shared/domain/signals/components/congress.ts";
import { darkPool } from "../../../shared/domain/signals/components/dark-pool.ts";
import { etfFlow } from "../../../shared/domain/signals/components/etf-flow.ts";
import { ftdPressure } from "../../../shared/domain/signals/components/ftd-pressure.ts";
import { greeksGamma } from "../../../shared/domain/signals/components/greeks-gamma.ts";
import { insider } from "../../../shared/domain/signals/components/insider.ts";
import { institutional } from "../../../shared/domain/signals/components/institutional.ts";
import { ivRank } from "../../../shared/domain/signals/components/iv-rank.ts";
import { ivTermSkew } from "../../../shared/domain/signals/components/iv-term-skew.ts";
import { marketTide } from "../../../shared/domain/signals/components/market-tide.ts";
import { oiChange } from "../../../shared/domain/signals/components/oi-change.ts";
import { optionsFlow } from "../../../shared/domain/signals/components/options-flow.ts";
import { regimeModifier } from "../../../shared/domain/signals/components/regime-modifier.ts";
import { shortsSqueeze } from "../../../shared/domain/signals/components/shorts-squeeze.ts";
import { squeezeScore } from "../../../shared/domain/signals/components/squeeze-score.ts";
import { temporalMotif } from "../../../shared/domain/signals/components/temporal-motif.ts";
import { toxicityPenalty } from "../../../shared/domain/signals/components/toxicity-penalty.ts";
import { whalePersistence } from "../../../shared/domain/signals/components/whale-persistence.ts";
import type { Direction } from "../../../shared/domain/signals/direction.ts";
import type { EnrichedFlow } from "../../../shared/domain/signals/enrich-flow.ts";
import type {
  DailyEvidence,
  FlowEvidence,
  MarketRegime,
} from "../../../shared/domain/signals/flow.ts";
import { scoreFlow } from "../../../shared/domain/signals/score.ts";
import { DEFAULT_WEIGHTS } from "../../../shared/domain/signals/weights.ts";
import { enrichedFlows, marketTides } from "./arbitraries.ts";
import { REFERENCE_AT_MS, REFERENCE_FLOW } from "./reference-flow.ts";

const observedAtMs = REFERENCE_AT_MS;
const MINUTE_MS = 60_000;

const flowWith = (
  { convictionHistory, ...daily }: DailyEvidence & Pick<FlowEvidence, "convictionHistory">,
  direction: Direction = "bullish",
  rest: Partial<EnrichedFlow> = {},
): EnrichedFlow => ({
  evidence: {
    symbol: REFERENCE_FLOW.evidence.symbol,
    daily,
    convictionHistory,
  },
  sentiment: { direction, conviction: 0.5, netPremium: usd(0) },
  darkPool: undefined,
  toxicity: undefined,
  newestAlertAtMs: REFERENCE_AT_MS,
  ...rest,
});

/** Points at so many minutes before the reference moment, oldest first. */
const history = (...points: readonly (readonly [minutesAgo: number, conviction: number])[]) => ({
  points: points.map(([minutesAgo, conviction]) => ({
    conviction,
    atMs: REFERENCE_AT_MS - minutesAgo * MINUTE_MS,
  })),
  observedAtMs,
});

describe("every component", () => {
  it("gives at most 1.3 and at least -1 of its weight for any evidence in range", () => {
    fc.assert(
      fc.property(enrichedFlows, marketTides, (flow, tide) => {
        const { missing } = scoreFlow(flow, tide, DEFAULT_WEIGHTS, REFERENCE_AT_MS);
        // Out of range is listed as missing, so that only what has no input may be.
        const absent = [
          flow.sentiment,
          flow.darkPool,
          flow.toxicity,
          flow.evidence.convictionHistory, // of whale_persistence
          flow.evidence.convictionHistory, // of temporal_motif
          flow.evidence.daily.insider,
          flow.evidence.daily.ivTermSkew,
          flow.evidence.daily.smileSlope,
          flow.evidence.daily.eventAlignment,
          flow.evidence.daily.regime,
          flow.evidence.daily.congress,
          flow.evidence.daily.shorts,
          flow.evidence.daily.institutional,
          tide,
          flow.evidence.daily.calendar,
          flow.evidence.daily.etfFlow,
          flow.evidence.daily.greeks,
          flow.evidence.daily.failsToDeliver,
          flow.evidence.daily.ivRank,
          flow.evidence.daily.openInterestChange,
          flow.evidence.daily.squeeze,
        ].filter((input) => input === undefined);
        expect(missing).toHaveLength(absent.length);
      }),
    );
  });
});

describe("options_flow", () => {
  it.each([
    [0, 0],
    [0.1, 0.3],
    [0.29, 0.49],
    [0.3, 0.3],
    [0.95, 0.95],
    [1, 1],
  ])("of conviction %d is %d", (conviction, strength) => {
    const sentiment = { direction: "bullish" as const, conviction, netPremium: usd(0) };
    expect(optionsFlow(flowWith({}, "bullish", { sentiment }))).toBeCloseTo(strength);
  });
});

describe("dark_pool", () => {
  it.each([
    ["bullish", 5_000_000, 3, 1.3],
    ["bearish", 1_000, 3, 0.9],
    ["bullish", 0, 1, 0.5],
    ["neutral", 5_000_000, 3, 0.2],
    ["neutral", 0, 0, 0],
  ] as const)(
    "%s with %d USD in %d prints is %d",
    (direction, notionalUsd, printCount, strength) => {
      const leaning = { direction, notional: usd(notionalUsd), printCount };
      expect(darkPool(flowWith({}, "bullish", { darkPool: leaning }))).toBeCloseTo(strength);
    },
  );
});

describe("insider", () => {
  it.each([
    ["bullish", 0.3, 4, 0.8],
    ["bearish", 0.3, 4, 0.2],
    ["bearish", -0.3, 4, 0.2],
    ["neutral", 0.3, 4, 0.25],
    ["neutral", 0, 0, 0],
  ] as const)(
    "%s with modifier %d and %d trades is %d",
    (direction, modifier, trades, strength) => {
      const input = { direction, modifier, tradeCount: trades, observedAtMs };
      expect(insider(flowWith({ insider: input }))).toBeCloseTo(strength);
    },
  );
});

describe("iv_term_skew", () => {
  it.each([
    ["bullish", 0.15, 0.195],
    ["bullish", -0.15, 0.195],
    ["bearish", 0.15, 0.105],
    ["neutral", 0.15, 0.105],
  ] as const)("%s of %d under bullish flow is %d", (direction, skew, strength) => {
    const input = { direction, skew, observedAtMs };
    expect(ivTermSkew(flowWith({ ivTermSkew: input }))).toBeCloseTo(strength);
  });
});

describe("whale_persistence", () => {
  it.each([
    [
      "is the mean of high points that span 30 minutes",
      [
        [30, 0.9],
        [10, 0.7],
        [0, 0.8],
      ],
      0.8,
    ],
    [
      "does not count low points",
      [
        [40, 0.1],
        [30, 0.9],
        [10, 0.7],
        [0, 0.8],
      ],
      0.8,
    ],
    [
      "needs 30 minutes",
      [
        [29, 0.9],
        [10, 0.9],
        [0, 0.9],
      ],
      0,
    ],
    [
      "needs 3 points",
      [
        [60, 0.9],
        [0, 0.9],
      ],
      0,
    ],
  ] as const)("%s", (_name, points, strength) => {
    const flow = flowWith({ convictionHistory: history(...points) });
    expect(whalePersistence(flow)).toBeCloseTo(strength);
  });
});

describe("toxicity_penalty", () => {
  it.each([
    [0, 0],
    [0.29, 0],
    [0.3, 0],
    [0.5, 0.1],
    [0.7, 0.3],
    [1, 0.75],
  ])("of toxicity %d is %d, of a negative weight", (toxicity, strength) => {
    expect(toxicityPenalty(flowWith({}, "bullish", { toxicity }))).toBeCloseTo(strength);
    expect(DEFAULT_WEIGHTS.toxicity_penalty).toBeLessThan(0);
  });
});

describe("temporal_motif", () => {
  it.each([
    [
      "sees three rising convictions",
      [
        [90, 0.5],
        [60, 0.6],
        [30, 0.7],
      ],
      0.3,
    ],
    [
      "is at most 1",
      [
        [90, 0],
        [60, 0.5],
        [30, 1],
      ],
      1,
    ],
    [
      "sees no staircase in a plateau",
      [
        [90, 0.5],
        [60, 0.7],
        [30, 0.7],
      ],
      0,
    ],
    [
      "sees five updates in five minutes",
      [
        [5, 0.5],
        [4, 0.5],
        [3, 0.5],
        [2, 0.5],
        [0, 0.5],
      ],
      0.5,
    ],
    [
      "sees no burst in four",
      [
        [4, 0.5],
        [3, 0.5],
        [2, 0.5],
        [0, 0.5],
      ],
      0,
    ],
    ["sees nothing in nothing", [], 0],
  ] as const)("%s", (_name, points, strength) => {
    expect(temporalMotif(flowWith({ convictionHistory: history(...points) }))).toBeCloseTo(
      strength,
    );
  });
});

describe("regime_modifier", () => {
  it.each<[MarketRegime, Direction, number]>([
    ["riskOn", "bullish", 0.3],
    ["riskOn", "bearish", -0.1],
    ["riskOff", "bearish", 0.2],
    ["riskOff", "bullish", -0.2],
    ["mixed", "bullish", 0.04],
  ])("of %s under %s flow is %d", (regime, direction, strength) => {
    const flow = flowWith({ regime: { regime, observedAtMs } }, direction);
    expect(regimeModifier(flow)).toBeCloseTo(strength);
  });
});

describe("congress", () => {
  it.each([
    ["bullish", 5, 0.8],
    ["bullish", 20, 1],
    ["bearish", 5, -0.2],
    ["neutral", 5, 0.1],
  ] as const)("%s with %d trades under bullish flow is %d", (direction, recent, strength) => {
    const input = { direction, recentTradeCount: recent, observedAtMs };
    expect(congress(flowWith({ congress: input }))).toBeCloseTo(strength);
  });
});

describe("shorts_squeeze", () => {
  const shorts = { shortInterestShare: 0.2, daysToCover: 6, failsToDeliver: 150_000, observedAtMs };

  it.each([
    ["is full with all three signs", shorts, "bullish", 1],
    ["counts no absent sign", { ...shorts, daysToCover: undefined }, "bullish", 2 / 3],
    ["counts no weak sign", { ...shorts, shortInterestShare: 0.15 }, "bullish", 2 / 3],
    ["needs bullish flow", shorts, "bearish", 0],
  ] as const)("%s", (_name, input, direction, strength) => {
    expect(shortsSqueeze(flowWith({ shorts: input }, direction))).toBeCloseTo(strength);
  });
});

describe("institutional", () => {
  it.each([
    ["bullish", 25, 0.15, 1.15],
    ["bullish", 25, 0.9, 1.3],
    ["bullish", 10, 0, 0.75],
    ["bearish", 20, 0.9, -0.3],
    ["neutral", 10, 0.9, 0.075],
  ] as const)(
    "%s with %d holders and share %d is %d",
    (direction, holders, valueShare, strength) => {
      const input = { direction, holderCount: holders, valueShare, observedAtMs };
      expect(institutional(flowWith({ institutional: input }))).toBeCloseTo(strength);
    },
  );
});

describe("market_tide", () => {
  it.each([
    ["aligned", 80, 20, 0.4 + 0.6 * 0.6],
    ["opposed", 20, 80, -0.25 * 0.6],
    ["balanced", 52, 48, 0],
    ["nothing", 0, 0, 0],
    ["puts that were sold are bullish", 60, -40, 1],
    ["calls that were sold are bearish", -60, 40, -0.25],
  ] as const)("%s: calls %d, puts %d, under bullish flow", (_name, calls, puts, strength) => {
    const input = { netCallPremium: usd(calls), netPutPremium: usd(puts), observedAtMs };
    expect(marketTide(flowWith({}), input)).toBeCloseTo(strength);
  });
});

describe("calendar_catalyst", () => {
  it.each([
    ["earnings today", 0, false, 0, 0.4],
    ["earnings in a week", 7, false, 0, 0],
    ["earnings far away", 30, false, 0, 0],
    ["all at once", 0, true, 5, 1.1],
    ["nothing", undefined, false, 0, 0],
  ] as const)("of %s", (_name, daysToEarnings, hasFdaEvent, economicEventCount, strength) => {
    const input = { daysToEarnings, hasFdaEvent, economicEventCount, observedAtMs };
    expect(calendarCatalyst(flowWith({ calendar: input }))).toBeCloseTo(strength);
  });
});

describe("etf_flow", () => {
  it.each([
    ["bullish", 0, 0.5],
    ["bullish", 1, 1],
    ["bearish", 1, -0.3],
    ["neutral", 1, 0],
  ] as const)("%s of strength %d under bullish flow is %d", (direction, strength, expected) => {
    expect(etfFlow(flowWith({ etfFlow: { direction, strength, observedAtMs } }))).toBe(expected);
  });
});

describe("the components in steps", () => {
  it.each([
    [-600_000, 0.5],
    [200_000, 0.25],
    [20_000, 0.1],
    [10_000, 0],
  ])("greeks_gamma of %d is %d", (gammaExposure, strength) => {
    expect(greeksGamma(flowWith({ greeks: { gammaExposure, observedAtMs } }))).toBe(strength);
  });

  it.each([
    [200_001, 1],
    [150_000, 0.67],
    [60_000, 0.33],
    [20_000, 0.1],
    [10_000, 0],
  ])("ftd_pressure of %d is %d", (quantity, strength) => {
    expect(ftdPressure(flowWith({ failsToDeliver: { quantity, observedAtMs } }))).toBe(strength);
  });

  it.each([
    [10, 1],
    [25, 0.5],
    [30, 0.15],
    [70, 0.15],
    [75, -0.5],
    [90, -1],
    [-1, undefined],
    [101, undefined],
    [Number.NaN, undefined],
  ])("iv_rank of %d is %s", (rank, strength) => {
    expect(ivRank(flowWith({ ivRank: { rank, observedAtMs } }))).toBe(strength);
  });

  it.each([
    [60_000, "bullish", 1],
    [-30_000, "bullish", 0.57],
    [60_000, "bearish", 0.29],
    [15_000, "bullish", 0.29],
    [2_000, "neutral", 0.1],
    [1_000, "bullish", 0],
  ] as const)("oi_change of %d, %s, is %d", (change, direction, strength) => {
    const input = { change, direction, observedAtMs };
    expect(oiChange(flowWith({ openInterestChange: input }))).toBe(strength);
  });

  it.each([
    [true, 0, 1],
    [false, 1, 0.5],
    [false, 0, 0],
  ])("squeeze_score, high %s with %d signs, is %d", (isHigh, signCount, strength) => {
    expect(squeezeScore(flowWith({ squeeze: { isHigh, signCount, observedAtMs } }))).toBe(strength);
  });
});
