import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notional, usd } from "../../../shared/domain/market/money.ts";
import { priceFromUnits, type Price } from "../../../shared/domain/market/price.ts";
import { isWholeShares, shares } from "../../../shared/domain/market/quantity.ts";
import type { ValidQuote } from "../../../shared/domain/market/quote.ts";
import {
  DEFAULT_VALIDATION_POLICY,
  validateSnapshot,
} from "../../../shared/domain/market/validate-quote.ts";
import {
  DEFAULT_ENTRY_POLICY,
  proposeEntry,
  type EntryInput,
  type EntryPolicy,
} from "../../../shared/domain/signals/entry-rule.ts";
import { directions } from "./arbitraries.ts";
import { REFERENCE_AT_MS, REFERENCE_FLOW } from "./reference-flow.ts";

const SPY = REFERENCE_FLOW.evidence.symbol;

const quoteOf = (bid: number, ask: number): ValidQuote => {
  const verdict = validateSnapshot(
    {
      symbol: SPY,
      source: "alpaca",
      quote: {
        symbol: SPY,
        bid: priceFromUnits(bid)!,
        ask: priceFromUnits(ask)!,
        bidSize: 100,
        askSize: 100,
        exchangeTimeMs: REFERENCE_AT_MS,
      },
      trade: undefined,
      minuteBar: undefined,
      dailyBar: undefined,
      previousDailyBar: undefined,
      receivedAtMs: REFERENCE_AT_MS,
    },
    undefined,
    REFERENCE_AT_MS,
    DEFAULT_VALIDATION_POLICY,
  );
  if (!verdict.accepted) throw new Error(verdict.reasons.join());
  return verdict.quote;
};

const inputOf = (change: Partial<EntryInput> = {}): EntryInput => ({
  direction: "bullish",
  gateReasons: [],
  quote: quoteOf(1_672_500, 1_672_600),
  positionQuantity: shares(0),
  ...change,
});

const shortPolicy: EntryPolicy = { ...DEFAULT_ENTRY_POLICY, allowShortSelling: true };

/** Quotes on tick, with a spread of at most 4 cents. */
const quotes = fc
  .tuple(fc.integer({ min: 102, max: 900_000 }), fc.nat({ max: 4 }))
  .map(([cents, spread]) => quoteOf(cents * 100, (cents + spread) * 100));

const policies: fc.Arbitrary<EntryPolicy> = fc.record({
  targetNotional: fc.integer({ min: 1, max: 100_000 }).map(usd),
  orderNotionalMax: fc.integer({ min: 1, max: 100_000 }).map(usd),
  collarRatio: fc.double({ min: 0, max: 0.02, noNaN: true }),
  stopRatio: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  targetRatio: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
  allowShortSelling: fc.boolean(),
});

const isOnTick = (price: Price): boolean => price % (price >= 10_000 ? 100 : 1) === 0;

describe("an entry", () => {
  it("keeps within its notional, on tick, protected on the right side, for any policy", () => {
    fc.assert(
      fc.property(quotes, directions, policies, (quote, direction, policy) => {
        const result = proposeEntry(inputOf({ quote, direction }), policy);
        if (!result.ok) return;
        const { side, quantity, limitPrice, stopPrice, targetPrice, referencePrice } = result.value;
        expect(side).toBe(direction === "bullish" ? "buy" : "sell");
        expect(side === "buy" || policy.allowShortSelling).toBe(true);
        expect(isWholeShares(quantity) && quantity > 0).toBe(true);
        for (const price of [limitPrice, stopPrice, targetPrice]) {
          expect(isOnTick(price)).toBe(true);
        }
        for (const price of [limitPrice, referencePrice]) {
          const spent = notional(price, quantity);
          expect(spent).toBeLessThanOrEqual(
            Math.min(policy.targetNotional, policy.orderNotionalMax),
          );
        }
        const sign = side === "buy" ? 1 : -1;
        expect(referencePrice).toBe(side === "buy" ? quote.ask : quote.bid);
        expect((limitPrice - referencePrice) * sign).toBeGreaterThanOrEqual(0);
        expect((referencePrice - stopPrice) * sign).toBeGreaterThan(0);
        expect((targetPrice - limitPrice) * sign).toBeGreaterThan(0);
        const risk = Math.abs(referencePrice - stopPrice) / referencePrice;
        expect(risk).toBeLessThanOrEqual(policy.stopRatio + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it("spends as much of the target as whole shares allow", () => {
    fc.assert(
      fc.property(quotes, (quote) => {
        const result = proposeEntry(inputOf({ quote }), DEFAULT_ENTRY_POLICY);
        if (!result.ok) return;
        const { limitPrice, quantity } = result.value;
        const oneMore = notional(limitPrice, shares(quantity / 1e9 + 1));
        expect(oneMore).toBeGreaterThan(DEFAULT_ENTRY_POLICY.targetNotional);
      }),
    );
  });

  it("buys at the ask plus a collar, with a stop at 2 % and a target at 4 %", () => {
    expect(proposeEntry(inputOf(), DEFAULT_ENTRY_POLICY)).toEqual({
      ok: true,
      value: {
        symbol: "SPY",
        side: "buy",
        quantity: shares(2),
        referencePrice: 1_672_600,
        limitPrice: 1_674_300,
        stopPrice: 1_639_200,
        targetPrice: 1_739_600,
      },
    });
  });

  it("sells short at the bid less a collar, if that is allowed", () => {
    const result = proposeEntry(inputOf({ direction: "bearish" }), shortPolicy);
    expect(result).toMatchObject({
      ok: true,
      value: { side: "sell", limitPrice: 1_670_800, stopPrice: 1_705_900, targetPrice: 1_605_600 },
    });
  });

  it.each<[string, Partial<EntryInput>, EntryPolicy, string]>([
    ["the gate stops it", { gateReasons: ["stale"] }, DEFAULT_ENTRY_POLICY, "gated"],
    ["nothing points anywhere", { direction: "neutral" }, DEFAULT_ENTRY_POLICY, "neutralDirection"],
    [
      "it would sell short",
      { direction: "bearish" },
      DEFAULT_ENTRY_POLICY,
      "shortSellingNotAllowed",
    ],
    ["shares are held", { positionQuantity: shares(1) }, DEFAULT_ENTRY_POLICY, "positionHeld"],
    [
      "it would flip a short",
      { positionQuantity: shares(-1) },
      DEFAULT_ENTRY_POLICY,
      "positionHeld",
    ],
    [
      "one share costs too much",
      { quote: quoteOf(6_000_000, 6_000_100) },
      DEFAULT_ENTRY_POLICY,
      "lessThanOneShare",
    ],
    [
      "the target is within the limit",
      {},
      { ...DEFAULT_ENTRY_POLICY, targetRatio: 0.0001 },
      "pricesNotApart",
    ],
  ])("is refused when %s", (_name, change, policy, refusal) => {
    expect(proposeEntry(inputOf(change), policy)).toEqual({ ok: false, error: refusal });
  });
});
