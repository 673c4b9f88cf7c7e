import { describe, expect, it } from "vitest";
import { describeDecisions } from "../../bin/reports/funnel-cycle.ts";
import { describeScore } from "../../bin/reports/funnel-symbol.ts";
import { paletteOf } from "../../bin/reports/text.ts";

const palette = paletteOf({
  write: () => undefined,
  writeError: () => undefined,
  isTerminal: false,
  environment: {},
  stopped: new AbortController().signal,
});
const atMs = Date.parse("2013-10-07T14:00:05Z");
const score = {
  symbol: "NVDA",
  atMs,
  score: 2.25,
  direction: "bullish",
  freshness: 0.9,
  components: [
    { name: "iv_rank", value: -0.1 },
    { name: "options_flow", value: 2.4 },
    { name: "dark_pool", value: 0.2 },
  ],
  missing: ["iv_term_skew"],
  gateReasons: ["belowThreshold"],
  outcome: "gated.belowThreshold",
};

const decided = (symbol: string, outcome: string, ageMs = 0) => ({
  ...score,
  symbol,
  outcome,
  gateReasons: outcome.startsWith("gated") ? ["belowThreshold"] : [],
  atMs: atMs - ageMs,
});

describe("a symbol's score", () => {
  it("is explained component by component, against the gate, with what is missing", () => {
    const text = describeScore(score, 2.7, palette);
    expect(text).toContain("NVDA scored 2.250 bullish at 10:00:05, 0.45 below the gate of 2.70.");
    expect(text.indexOf("options_flow  +2.400")).toBeLessThan(text.indexOf("dark_pool     +0.200"));
    expect(text).toContain("Sum 2.500 x freshness 0.900");
    expect(text).toContain("No input: iv_term_skew.");
  });

  it("says when basic indicators stand in for the model", () => {
    const text = describeScore({ ...score, basis: "basicIndicators" }, 2.7, palette);
    expect(text).toContain("The model is missing: basic indicators (bullish) decide exits");
  });
});

describe("a cycle's decisions", () => {
  it("are grouped by what came of them, the most frequent first, of the last minute alone", () => {
    const text = describeDecisions(
      [
        decided("SPY", "hf_core_main_SPY_20131007_1000_buy_entry_0"),
        decided("IBM", "gated.belowThreshold"),
        decided("BAC", "gated.belowThreshold"),
        decided("OLD", "intended.positionHeld", 120_000),
      ],
      palette,
    );
    const lines = text.trim().split("\n");
    expect(lines[0]).toBe("The cycle of 10:00:05");
    expect(lines[2]).toMatch(/^gated: belowThreshold\s+2 {2}IBM 2.25, BAC 2.25$/);
    expect(lines[3]).toMatch(/^an order\s+1 {2}SPY 2.25$/);
    expect(lines).toHaveLength(4);
    expect(describeDecisions([], palette)).toContain("No cycle");
  });
});
