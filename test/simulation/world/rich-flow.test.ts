import { describe, expect, it } from "vitest";
import {
  enrichFlow,
  DEFAULT_ENRICHMENT_POLICY,
} from "../../../shared/domain/signals/enrich-flow.ts";
import { scoreFlow } from "../../../shared/domain/signals/score.ts";
import { DEFAULT_WEIGHTS } from "../../../shared/domain/signals/weights.ts";
import { createSimulatedMarket } from "../../../simulation/world/market.ts";
import { IBM, NOW_MS } from "../../fixtures/orders.ts";

const MINUTE_MS = 60_000;
const THRESHOLD = 2.7;

/** The default model's scores over two hours of a symbol. */
const scoresOf = (flow: "alerts" | "everything"): readonly number[] => {
  const market = createSimulatedMarket(1, [IBM], NOW_MS, flow);
  return Array.from({ length: 120 }, (_, minute) => {
    const nowMs = NOW_MS + minute * MINUTE_MS;
    const evidence = market.flowOf(IBM, nowMs);
    if (evidence === undefined) return 0;
    const enriched = enrichFlow(evidence, nowMs, DEFAULT_ENRICHMENT_POLICY);
    return scoreFlow(enriched, market.tideAt(nowMs), DEFAULT_WEIGHTS, nowMs).score;
  });
};

describe("the simulated flow for a user's own strategy", () => {
  it("meets the default threshold in most spells, and not in all", () => {
    const over = scoresOf("everything").filter((score) => score >= THRESHOLD).length;
    expect(over).toBeGreaterThan(40);
    expect(over).toBeLessThan(120);
  });

  it("has more to weigh than alerts alone, which drawn settings are made for", () => {
    expect(Math.max(...scoresOf("alerts"))).toBeLessThan(THRESHOLD);
  });
});
