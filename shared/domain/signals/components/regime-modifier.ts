import type { Direction } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";
import type { MarketRegime } from "../flow.ts";

/** Strength of the market's regime: positive if the flow goes with it, negative if against. */
export const regimeModifier = (flow: EnrichedFlow): number | undefined => {
  const { regime } = flow.evidence.daily;
  return regime === undefined ? undefined : (factor(regime.regime, flowDirection(flow)) - 1) * 2;
};

const factor = (regime: MarketRegime, direction: Direction): number => {
  switch (regime) {
    case "riskOn":
      return direction === "bullish" ? 1.15 : 0.95;
    case "riskOff":
      // A market that flees risk rewards what opposes it: bearish flow.
      return direction === "bearish" ? 1.1 : 0.9;
    case "mixed":
      return 1.02;
  }
};
