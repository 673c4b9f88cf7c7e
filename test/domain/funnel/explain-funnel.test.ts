import { describe, expect, it } from "vitest";
import type { Expectation } from "../../../shared/domain/funnel/expectation.ts";
import { explainFunnel } from "../../../shared/domain/funnel/explain-funnel.ts";
import type { FunnelCounts } from "../../../shared/domain/funnel/funnel.ts";
import { distributionOf } from "../../../shared/domain/funnel/score-distribution.ts";

const expectation: Expectation = {
  verdict: "normal",
  observed: 0,
  expected: 1.5,
  chance: 0.3,
  sessions: 4,
  volatility: 0.8,
};
const none: FunnelCounts = { passed: {}, stopped: {} };
const distribution = distributionOf(none, []);
const nearest = [
  { symbol: "NVDA", score: 2.4, threshold: 2.7, direction: "bullish", reasons: ["belowThreshold"] },
];

const explain = (counts: FunnelCounts, over: Partial<Expectation> = {}) =>
  explainFunnel({
    counts,
    expectation: { ...expectation, ...over },
    distribution,
    nearest,
    cycleReason: "The broker's clock is unknown, so the market counts as closed.",
  });

const explainDrift = (verdict: "drifted" | "shifted") =>
  explainFunnel({
    counts: none,
    expectation,
    distribution: { ...distribution, drift: 0.3, verdict },
    nearest,
    cycleReason: undefined,
  });

describe("why there are no trades", () => {
  it("names the first stage that nothing passed, with its reasons by number", () => {
    const counts: FunnelCounts = {
      passed: { polled: 3_900, valid: 3_880, scored: 3_870 },
      stopped: { "valid.staleQuote": 20, "gated.stale": 170, "gated.belowThreshold": 3_700 },
    };
    expect(explain(counts).bottleneck).toEqual({
      stage: "gated",
      arrived: 3_870,
      reasons: [
        { reason: "belowThreshold", count: 3_700 },
        { reason: "stale", count: 170 },
      ],
    });
    expect(explain(counts).sentences).toEqual([
      "No trades: no order was sent to the broker, none filled.",
      "Of 3870 that came so far, none was let through the gate, " +
        "because of 3700 belowThreshold, 170 stale.",
      "Nearest is NVDA: 2.40 bullish, 0.30 below the gate (belowThreshold).",
      "That is normal for this hour: 0 entries where about 1.5 are usual by now " +
        "(from 4 sessions, moves 0.8 times the usual).",
    ]);
  });

  it("is told by the last cycle where nothing was polled", () => {
    expect(explain(none).sentences[1]).toContain("The broker's clock is unknown");
  });

  it("says loudly that silence is not normal", () => {
    const { sentences } = explain(none, { verdict: "abnormal", expected: 12, chance: 0.002 });
    expect(sentences.join(" ")).toContain(
      "That is NOT normal: 0 entries where about 12.0 are usual",
    );
  });

  it("is no question on a day with trades", () => {
    const passed = { polled: 9, valid: 9, scored: 9, gated: 3, intended: 3, approved: 3 };
    const traded = { ...passed, submitted: 3, acknowledged: 3, filled: 2 };
    const { bottleneck, sentences } = explain({ passed: traded, stopped: {} });
    expect(bottleneck).toBeNull();
    expect(sentences[0]).toBe("3 orders were sent to the broker, 2 filled.");
  });

  it("says first that the scores are of another kind, and last that they only shift", () => {
    expect(explainDrift("drifted").sentences[0]).toContain(
      "of another kind than in earlier sessions",
    );
    expect(explainDrift("shifted").sentences.at(-1)).toContain(
      "have shifted from earlier sessions",
    );
  });

  it.each([
    [0, "(assumed, as there is no history yet"],
    [1, "(from 1 session,"],
    [2, "(from 2 sessions,"],
  ])("says what is usual by %i sessions", (sessions, words) => {
    expect(explain(none, { sessions }).sentences.join(" ")).toContain(words);
  });
});
