import type { EnrichedFlow } from "../enrich-flow.ts";

/** Strength of insiders' trades: raised by the modifier if bullish, lowered by it if bearish. */
export const insider = ({ evidence }: EnrichedFlow): number | undefined => {
  if (evidence.daily.insider === undefined) return undefined;
  const { direction, modifier, tradeCount } = evidence.daily.insider;
  switch (direction) {
    case "bullish":
      return 0.5 + modifier;
    case "bearish":
      return 0.5 - Math.abs(modifier);
    case "neutral":
      return tradeCount > 0 ? 0.25 : 0;
  }
};
