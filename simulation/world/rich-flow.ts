import { usd } from "../../shared/domain/market/money.ts";
import { PRICE_UNITS_PER_USD, type Price, roundToTick } from "../../shared/domain/market/price.ts";
import type { FlowEvidence, MarketTide } from "../../shared/domain/signals/flow.ts";
import type { SymbolMarket } from "./market.ts";

/** Options volume of a day, and what is published once a day, is as old as this. */
const DAY_MS = 86_400_000;
const CONVICTION_STEP_MS = 5 * 60_000;

/**
 * Adds to alerts what every other part of the model looks at, all of it strong and the same way, so
 * that a user's own weights and thresholds meet a signal now and then, whichever they are.
 */
export const enrichEvidence = (
  evidence: FlowEvidence,
  { mid }: SymbolMarket,
  direction: "bullish" | "bearish",
  atMs: number,
): FlowEvidence => {
  const sign = direction === "bullish" ? 1 : -1;
  const observedAtMs = atMs;
  const daily = { observedAtMs: atMs - DAY_MS };
  return {
    ...evidence,
    daily: {
      insider: { direction, modifier: 0.5, tradeCount: 6, ...daily },
      ivTermSkew: { skew: 0.2 * sign, direction, observedAtMs },
      smileSlope: { slope: 0.2 * sign, observedAtMs },
      eventAlignment: { alignment: 0.9, observedAtMs },
      toxicity: { toxicity: 0.05, observedAtMs },
      regime: { regime: sign > 0 ? "riskOn" : "riskOff", observedAtMs },
      congress: { direction, recentTradeCount: 6, ...daily },
      shorts: {
        shortInterestShare: 0.3,
        daysToCover: 8,
        failsToDeliver: 800_000,
        ...daily,
      },
      institutional: { direction, holderCount: 200, valueShare: 0.8, ...daily },
      calendar: { daysToEarnings: 3, hasFdaEvent: false, economicEventCount: 0, ...daily },
      etfFlow: { direction, strength: 0.9, ...daily },
      greeks: { gammaExposure: 800_000 * sign, observedAtMs },
      failsToDeliver: { quantity: 800_000, ...daily },
      ivRank: { rank: 10, observedAtMs },
      openInterestChange: { change: 60_000 * sign, direction, ...daily },
      squeeze: { isHigh: true, signCount: 4, observedAtMs },
    },
    darkPool: { prints: printsOf(evidence, mid, sign, atMs), observedAtMs },
    convictionHistory: {
      points: [5, 4, 3, 2, 1].map((steps) => ({
        conviction: 0.9,
        atMs: atMs - steps * CONVICTION_STEP_MS,
      })),
      observedAtMs,
    },
  };
};

/** A tide of the whole market that is as strong. */
export const strongTide = (direction: "bullish" | "bearish", observedAtMs: number): MarketTide => {
  const sign = direction === "bullish" ? 1 : -1;
  return {
    netCallPremium: usd(60_000_000 * sign),
    netPutPremium: usd(-20_000_000 * sign),
    observedAtMs,
  };
};

/** Large prints at the side that is bought or sold. */
const printsOf = (
  { symbol }: FlowEvidence,
  mid: number,
  sign: number,
  atMs: number,
): NonNullable<FlowEvidence["darkPool"]>["prints"] => {
  const price = priceOf(mid * (1 + 0.000_4 * sign));
  return [10_000, 20_000, 30_000].map((agoMs) => ({
    symbol,
    price,
    size: 100_000,
    notional: usd(Math.round(mid * 100_000)),
    bid: priceOf(mid * 0.999_8),
    ask: priceOf(mid * 1.000_2),
    isCanceled: false,
    executedAtMs: atMs - agoMs,
  }));
};

const priceOf = (dollars: number): Price => roundToTick(dollars * PRICE_UNITS_PER_USD);
