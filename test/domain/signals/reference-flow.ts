import { usd } from "../../../shared/domain/market/money.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { EnrichedFlow } from "../../../shared/domain/signals/enrich-flow.ts";

/** The moment at which the reference evidence is as fresh as can be. */
export const REFERENCE_AT_MS = Date.UTC(2013, 9, 7, 15);

const MINUTE_MS = 60_000;
const observedAtMs = REFERENCE_AT_MS;

/** The evidence of the model's reference value, 6.119. */
export const REFERENCE_FLOW: EnrichedFlow = {
  evidence: {
    symbol: parseTicker("SPY")!,
    daily: {
      insider: { direction: "bullish", modifier: 0.3, tradeCount: 4, observedAtMs },
      institutional: { direction: "bullish", holderCount: 25, valueShare: 0.15, observedAtMs },
      ivTermSkew: { skew: 0.15, direction: "bullish", observedAtMs },
      smileSlope: { slope: 0.12, observedAtMs },
      toxicity: { toxicity: 0, observedAtMs },
      eventAlignment: { alignment: 0.8, observedAtMs },
      ivRank: { rank: 50, observedAtMs },
    },
    convictionHistory: {
      points: [40, 20, 0].map((minutes) => ({
        conviction: 0.95,
        atMs: REFERENCE_AT_MS - minutes * MINUTE_MS,
      })),
      observedAtMs,
    },
  },
  sentiment: { direction: "bullish", conviction: 0.95, netPremium: usd(4_750_000) },
  darkPool: { direction: "bullish", notional: usd(5_000_000), printCount: 3 },
  toxicity: 0,
  newestAlertAtMs: REFERENCE_AT_MS,
};
