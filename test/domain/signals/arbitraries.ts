import * as fc from "fast-check";
import { usd, type Money } from "../../../shared/domain/market/money.ts";
import { priceFromUnits } from "../../../shared/domain/market/price.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { Direction } from "../../../shared/domain/signals/direction.ts";
import type { EnrichedFlow } from "../../../shared/domain/signals/enrich-flow.ts";
import type { DarkPoolPrint, FlowAlert, MarketTide } from "../../../shared/domain/signals/flow.ts";
import { REFERENCE_AT_MS } from "./reference-flow.ts";

const SPY = parseTicker("SPY")!;
const HOUR_MS = 3_600_000;

export const directions = fc.constantFrom<Direction>("bullish", "bearish", "neutral");
const shares01 = fc.double({ min: 0, max: 1, noNaN: true });
const counts = fc.nat({ max: 40 });
const money = (maxUsd: number): fc.Arbitrary<Money> => fc.nat({ max: maxUsd }).map(usd);
const signedMoney: fc.Arbitrary<Money> = fc.integer({ min: -1e8, max: 1e8 }).map(usd);
const moments = fc.integer({ min: REFERENCE_AT_MS - 3 * HOUR_MS, max: REFERENCE_AT_MS });
const observedAtMs = fc.constant(REFERENCE_AT_MS);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

/** Alerts of any premium within the three hours before the reference moment. */
export const flowAlerts: fc.Arbitrary<FlowAlert> = fc
  .record({
    contract: fc.constantFrom("call" as const, "put" as const),
    premium: fc.nat({ max: 3_000_000 }),
    askShare: shares01,
    isMultiLeg: fc.boolean(),
    createdAtMs: maybe(moments),
  })
  .map(({ contract, premium, askShare, isMultiLeg, createdAtMs }) => ({
    symbol: SPY,
    contract,
    strike: priceFromUnits(1_700_000)!,
    expiry: "2013-11-15",
    totalPremium: usd(premium),
    askSidePremium: usd(Math.floor(premium * askShare)),
    bidSidePremium: usd(premium - Math.floor(premium * askShare)),
    isSweep: false,
    isMultiLeg,
    createdAtMs,
  }));

/** Prints at any price around a quote of 166.99 to 167.01. */
export const darkPoolPrints: fc.Arbitrary<DarkPoolPrint> = fc
  .record({
    units: fc.integer({ min: 1_669_000, max: 1_671_000 }),
    size: fc.nat({ max: 100_000 }),
    isCanceled: fc.boolean(),
    executedAtMs: maybe(moments),
  })
  .map(({ units, size, isCanceled, executedAtMs }) => ({
    symbol: SPY,
    price: priceFromUnits(units)!,
    size,
    notional: usd((units * size) / 10_000),
    bid: priceFromUnits(1_669_900)!,
    ask: priceFromUnits(1_670_100)!,
    isCanceled,
    executedAtMs,
  }));

/** The whole market's tide, known or not. */
export const marketTides: fc.Arbitrary<MarketTide | undefined> = maybe(
  fc.record({ netCallPremium: signedMoney, netPutPremium: signedMoney, observedAtMs }),
);

/** Any evidence of a symbol that the model can be given, each part there or not. */
export const enrichedFlows: fc.Arbitrary<EnrichedFlow> = fc.record({
  evidence: fc.record({
    symbol: fc.constant(SPY),
    convictionHistory: maybe(
      fc.record({
        points: fc.array(fc.record({ conviction: shares01, atMs: moments }), { maxLength: 12 }),
        observedAtMs,
      }),
    ),
    daily: fc.record({
      insider: maybe(
        fc.record({
          direction: directions,
          modifier: fc.double({ min: 0, max: 0.5, noNaN: true }),
          tradeCount: counts,
          observedAtMs,
        }),
      ),
      ivTermSkew: maybe(fc.record({ skew: shares01, direction: directions, observedAtMs })),
      smileSlope: maybe(fc.record({ slope: shares01, observedAtMs })),
      eventAlignment: maybe(fc.record({ alignment: shares01, observedAtMs })),
      regime: maybe(
        fc.record({
          regime: fc.constantFrom("riskOn" as const, "riskOff" as const, "mixed" as const),
          observedAtMs,
        }),
      ),
      congress: maybe(fc.record({ direction: directions, recentTradeCount: counts, observedAtMs })),
      shorts: maybe(
        fc.record({
          shortInterestShare: maybe(shares01),
          daysToCover: maybe(counts),
          failsToDeliver: maybe(fc.nat({ max: 500_000 })),
          observedAtMs,
        }),
      ),
      institutional: maybe(
        fc.record({
          direction: directions,
          holderCount: counts,
          valueShare: shares01,
          observedAtMs,
        }),
      ),
      calendar: maybe(
        fc.record({
          daysToEarnings: maybe(counts),
          hasFdaEvent: fc.boolean(),
          economicEventCount: counts,
          observedAtMs,
        }),
      ),
      etfFlow: maybe(fc.record({ direction: directions, strength: shares01, observedAtMs })),
      greeks: maybe(
        fc.record({ gammaExposure: fc.integer({ min: -1e6, max: 1e6 }), observedAtMs }),
      ),
      failsToDeliver: maybe(fc.record({ quantity: fc.nat({ max: 500_000 }), observedAtMs })),
      ivRank: maybe(
        fc.record({ rank: fc.double({ min: 0, max: 100, noNaN: true }), observedAtMs }),
      ),
      openInterestChange: maybe(
        fc.record({
          change: fc.integer({ min: -1e5, max: 1e5 }),
          direction: directions,
          observedAtMs,
        }),
      ),
      squeeze: maybe(fc.record({ isHigh: fc.boolean(), signCount: counts, observedAtMs })),
    }),
  }),
  sentiment: maybe(
    fc.record({ direction: directions, conviction: shares01, netPremium: signedMoney }),
  ),
  darkPool: maybe(
    fc.record({ direction: directions, notional: money(2_000_000_000), printCount: counts }),
  ),
  toxicity: maybe(shares01),
  newestAlertAtMs: maybe(moments),
});
