import { moneyToFloat, type Money } from "../market/money.ts";
import type { AlertSums } from "./alert-sums.ts";
import type { Direction } from "./direction.ts";

/** What the options flow of a symbol says: its direction, how surely (0 to 1), and its premium. */
export type FlowSentiment = {
  readonly direction: Direction;
  readonly conviction: number;
  /** Call premium minus put premium. */
  readonly netPremium: Money;
};

const DIRECTIONAL_PREMIUM_USD = 100_000;
const FULL_CONVICTION_PREMIUM_USD = 5_000_000;

/**
 * The sentiment of alerts: call minus put premium above 100,000 USD is bullish, below minus that
 * bearish, in between neutral with no conviction; 5,000,000 USD is full conviction.
 */
export const sentimentOf = ({ netPremium }: Readonly<AlertSums>): FlowSentiment => {
  const netUsd = moneyToFloat(netPremium);
  if (Math.abs(netUsd) <= DIRECTIONAL_PREMIUM_USD) {
    return { direction: "neutral", conviction: 0, netPremium };
  }
  return {
    direction: netUsd > 0 ? "bullish" : "bearish",
    conviction: Math.min(1, Math.abs(netUsd) / FULL_CONVICTION_PREMIUM_USD),
    netPremium,
  };
};
