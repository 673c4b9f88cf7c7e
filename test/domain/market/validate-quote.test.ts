import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import type { PriceReference } from "../../../shared/domain/market/price-reference.ts";
import { priceFromUnits, type Price } from "../../../shared/domain/market/price.ts";
import type { Quote, Snapshot } from "../../../shared/domain/market/quote.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { QuoteRejection } from "../../../shared/domain/market/check-quote.ts";
import {
  DEFAULT_VALIDATION_POLICY,
  validateSnapshot,
} from "../../../shared/domain/market/validate-quote.ts";

const policy = DEFAULT_VALIDATION_POLICY;
const SPY = parseTicker("SPY")!;
const at = (date: string, hour: number, minute = 0): number =>
  newYorkToEpochMs(parseSessionDate(date)!, (hour * 60 + minute) * 60_000);
const NOW_MS = at("2013-10-07", 11);
const priceOf = (usd: number): Price => priceFromUnits(Math.round(usd * 10_000))!;
const badPrice = (value: number): Price => value as Price;

const snapshotOf = (change: Partial<Quote>, rest: Partial<Snapshot> = {}): Snapshot => ({
  symbol: SPY,
  source: "alpaca",
  quote: {
    symbol: SPY,
    bid: priceOf(167.25),
    ask: priceOf(167.26),
    bidSize: 300,
    askSize: 500,
    exchangeTimeMs: NOW_MS - 1_000,
    ...change,
  },
  trade: undefined,
  minuteBar: undefined,
  dailyBar: undefined,
  previousDailyBar: undefined,
  receivedAtMs: NOW_MS,
  ...rest,
});

const reasonsOf = (
  snapshot: Snapshot,
  nowMs = NOW_MS,
  reference?: PriceReference,
): readonly QuoteRejection[] => {
  const verdict = validateSnapshot(snapshot, reference, nowMs, policy);
  return verdict.accepted ? [] : verdict.reasons;
};

const sometimesBad = fc.oneof(
  fc.integer({ min: -10, max: 200_000_000 }),
  fc.double(),
  fc.constantFrom(0, Number.NaN, Infinity, -Infinity, 2 ** 60),
);

describe("a valid quote", () => {
  it("is only ever made of sane, fresh numbers within the session, whatever comes in", () => {
    fc.assert(
      fc.property(
        sometimesBad,
        sometimesBad,
        sometimesBad,
        fc.option(
          fc.oneof(fc.integer({ min: NOW_MS - 200_000, max: NOW_MS + 9_000 }), fc.double()),
          {
            nil: undefined,
          },
        ),
        sometimesBad,
        (bid, ask, size, exchangeTimeMs, last) => {
          const verdict = validateSnapshot(
            snapshotOf(
              { bid: badPrice(bid), ask: badPrice(ask), bidSize: size, exchangeTimeMs },
              {
                trade: { symbol: SPY, price: badPrice(last), size: 1, exchangeTimeMs: NOW_MS },
              },
            ),
            undefined,
            NOW_MS,
            policy,
          );
          if (!verdict.accepted) {
            expect(verdict.reasons.length).toBeGreaterThan(0);
            expect(verdict.reference).toBeUndefined();
            return;
          }
          const { quote } = verdict;
          for (const price of [quote.bid, quote.ask, quote.mid, quote.last ?? quote.mid]) {
            expect(Number.isSafeInteger(price)).toBe(true);
            expect(price).toBeGreaterThanOrEqual(policy.priceMin);
            expect(price).toBeLessThanOrEqual(policy.priceMax);
          }
          expect(quote.bid <= quote.mid && quote.mid <= quote.ask).toBe(true);
          expect(quote.ask - quote.bid).toBeLessThanOrEqual(quote.mid * policy.spreadMaxRatio + 1);
          expect(quote.bidSize).toBeGreaterThanOrEqual(0);
          expect(NOW_MS - quote.exchangeTimeMs).toBeLessThanOrEqual(policy.ageMaxMs);
          expect(quote.exchangeTimeMs - NOW_MS).toBeLessThanOrEqual(policy.futureMaxMs);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is made of every price in the range with a tight spread", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: policy.priceMin, max: policy.priceMax - 100 }),
        fc.nat({ max: 100 }),
        (bid, spread) => {
          expect(
            reasonsOf(snapshotOf({ bid: badPrice(bid), ask: badPrice(bid + spread) })),
          ).toEqual([]);
        },
      ),
    );
  });

  it("carries what the vendor gave, and nothing that it did not", () => {
    const bare = validateSnapshot(snapshotOf({}), undefined, NOW_MS, policy);
    expect(bare).toMatchObject({
      accepted: true,
      quote: {
        symbol: "SPY",
        source: "alpaca",
        bid: 1_672_500,
        ask: 1_672_600,
        mid: 1_672_550,
        last: undefined,
        volume: undefined,
        previousClose: undefined,
        exchangeTimeMs: NOW_MS - 1_000,
        receivedAtMs: NOW_MS,
      },
      move: { type: "first" },
    });
  });
});

describe("a quote is rejected", () => {
  it.each<[string, Partial<Quote>, readonly QuoteRejection[]]>([
    ["with a zero bid", { bid: priceOf(0) }, ["bidNotPositive"]],
    ["with a zero ask", { ask: priceOf(0) }, ["askNotPositive"]],
    ["when crossed", { bid: priceOf(167.27) }, ["crossed"]],
    ["with a wide spread", { ask: priceOf(180) }, ["spreadTooWide"]],
    ["below a dollar", { bid: priceOf(0.98), ask: priceOf(0.99) }, ["priceOutOfRange"]],
    ["above 10,000", { bid: priceOf(10_000), ask: priceOf(10_001) }, ["priceOutOfRange"]],
    ["when no number", { bid: badPrice(Number.NaN) }, ["priceNotANumber"]],
    ["with a negative size", { askSize: -1 }, ["sizeInvalid"]],
    ["without a time stamp", { exchangeTimeMs: undefined }, ["timestampMissing"]],
    ["from the future", { exchangeTimeMs: NOW_MS + 5_001 }, ["fromTheFuture"]],
    ["when stale by the exchange's time", { exchangeTimeMs: NOW_MS - 90_001 }, ["stale"]],
    [
      "for every reason at once, in order",
      { bid: priceOf(0), bidSize: Number.NaN, exchangeTimeMs: at("2013-10-06", 11) },
      ["bidNotPositive", "sizeInvalid", "stale", "outsideSession"],
    ],
  ])("%s", (_name, change, reasons) => {
    expect(reasonsOf(snapshotOf(change))).toEqual(reasons);
  });

  it.each([
    ["on a holiday", at("2013-11-28", 11)],
    ["after an early close", at("2013-11-29", 13, 1)],
    ["before the open on the day after the clocks change", at("2013-11-04", 9, 29)],
    ["after the close on that day", at("2013-11-04", 16)],
    ["on a Sunday", at("2013-11-03", 11)],
  ])("%s", (_name, nowMs) => {
    expect(reasonsOf(snapshotOf({ exchangeTimeMs: nowMs }), nowMs)).toEqual(["outsideSession"]);
  });

  it("when there is none", () => {
    expect(reasonsOf({ ...snapshotOf({}), quote: undefined })).toEqual(["quoteMissing"]);
  });

  it("when it jumps, and the reference keeps its price", () => {
    const reference = {
      mid: priceOf(150),
      exchangeTimeMs: NOW_MS - 60_000,
      candidate: undefined,
    };
    const verdict = validateSnapshot(snapshotOf({}), reference, NOW_MS, policy);
    expect(verdict).toMatchObject({
      accepted: false,
      reasons: ["changeTooLarge"],
      reference: { mid: priceOf(150), candidate: { observations: 1 } },
    });
  });

  it("outside regular hours only, if the extended ones count", () => {
    const early = at("2013-10-07", 8);
    const verdict = validateSnapshot(snapshotOf({ exchangeTimeMs: early }), undefined, early, {
      ...policy,
      hours: "extended",
    });
    expect(verdict.accepted).toBe(true);
  });
});

describe("a rejected quote", () => {
  it("leaves the reference as it was, unless it is a sane price that jumped", () => {
    const reference = {
      mid: priceOf(167),
      exchangeTimeMs: NOW_MS - 60_000,
      candidate: undefined,
    };
    for (const change of [{ bid: priceOf(0) }, { exchangeTimeMs: NOW_MS - 200_000 }]) {
      const verdict = validateSnapshot(snapshotOf(change), reference, NOW_MS, policy);
      expect(verdict.accepted).toBe(false);
      expect(verdict.reference).toBe(reference);
    }
  });
});
