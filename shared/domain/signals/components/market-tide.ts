import { alignmentOf, type Direction } from "../direction.ts";
import type { EnrichedFlow } from "../enrich-flow.ts";
import { flowDirection } from "../flow-direction.ts";
import type { MarketTide } from "../flow.ts";

/** Strength of the whole market's option premium, by how far calls and puts are out of balance. */
export const marketTide = (
  flow: EnrichedFlow,
  tide: MarketTide | undefined,
): number | undefined => {
  if (tide === undefined) return undefined;
  const share = callShare(tide);
  const imbalance = Math.abs(2 * share - 1);
  switch (alignmentOf(tideDirection(share), flowDirection(flow))) {
    case "aligned":
      return 0.4 + 0.6 * imbalance;
    case "opposed":
      return -0.25 * imbalance;
    case "neither":
      return 0;
  }
};

const tideDirection = (share: number): Direction => {
  if (share > 0.55) return "bullish";
  return share < 0.45 ? "bearish" : "neutral";
};

/** The bullish share of premium; premium that was sold counts as the other side's. */
const callShare = ({ netCallPremium, netPutPremium }: MarketTide): number => {
  const bullish = Math.max(0, netCallPremium) + Math.max(0, 0 - netPutPremium);
  const bearish = Math.max(0, netPutPremium) + Math.max(0, 0 - netCallPremium);
  return bullish + bearish > 0 ? bullish / (bullish + bearish) : 0.5;
};
