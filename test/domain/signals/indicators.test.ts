import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { priceFromUnits, priceToFloat } from "../../../shared/domain/market/price.ts";
import type { Bar } from "../../../shared/domain/market/quote.ts";
import {
  createIndicators,
  DEFAULT_INDICATOR_POLICY,
  indicatorDirection,
  type IndicatorReading,
} from "../../../shared/domain/signals/indicators.ts";
import { REFERENCE_FLOW } from "./reference-flow.ts";

const policy = { fastBars: 3, slowBars: 5, rsiBars: 4, atrBars: 4 };

const bars: fc.Arbitrary<Bar> = fc
  .record({
    close: fc.integer({ min: 100_000, max: 2_000_000 }),
    above: fc.nat({ max: 5_000 }),
    below: fc.nat({ max: 5_000 }),
  })
  .map(({ close, above, below }) => ({
    symbol: REFERENCE_FLOW.evidence.symbol,
    open: priceFromUnits(close)!,
    high: priceFromUnits(close + above)!,
    low: priceFromUnits(close - below)!,
    close: priceFromUnits(close)!,
    volume: 100,
    startsAtMs: 0,
  }));

const histories = fc.array(bars, { minLength: 1, maxLength: 40 });

const readingAfter = (history: readonly Bar[]): IndicatorReading => {
  const indicators = createIndicators(policy);
  return history.map((bar) => indicators.afterBar(bar)).at(-1)!;
};

const closesOf = (history: readonly Bar[]): number[] =>
  history.map(({ close }) => priceToFloat(close));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Wilder's smoothing, as he states it: a first mean, then one part in `count` of what is new. */
const wilder = (values: readonly number[], count: number): number | undefined => {
  if (values.length < count) return undefined;
  let average = mean(values.slice(0, count));
  for (const value of values.slice(count)) average = (average * (count - 1) + value) / count;
  return average;
};

const naive = (history: readonly Bar[]): IndicatorReading => {
  const closes = closesOf(history);
  const changes = closes.slice(1).map((close, index) => close - closes[index]!);
  const gain = wilder(
    changes.map((change) => Math.max(0, change)),
    policy.rsiBars,
  );
  const loss = wilder(
    changes.map((change) => Math.max(0, -change)),
    policy.rsiBars,
  );
  const ranges = history.map(({ high, low }, index) => {
    const [top, bottom] = [priceToFloat(high), priceToFloat(low)];
    const before = closes[index - 1];
    return before === undefined
      ? top - bottom
      : Math.max(top - bottom, Math.abs(top - before), Math.abs(bottom - before));
  });
  const weight = 2 / (policy.fastBars + 1);
  return {
    sma: closes.length < policy.slowBars ? undefined : mean(closes.slice(-policy.slowBars)),
    ema:
      closes.length < policy.fastBars
        ? undefined
        : closes.reduce((average, close) => close * weight + average * (1 - weight)),
    rsi:
      gain === undefined || loss === undefined
        ? undefined
        : loss === 0
          ? 100
          : 100 - 100 / (1 + gain / loss),
    atr: wilder(ranges, policy.atrBars),
  };
};

const expectClose = (actual: number | undefined, expected: number | undefined): void => {
  if (expected === undefined) expect(actual).toBeUndefined();
  else expect(actual).toBeCloseTo(expected, 6);
};

describe("the indicators", () => {
  it("agree with the formulas applied to the whole history", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const reading = readingAfter(history);
        const expected = naive(history);
        expectClose(reading.sma, expected.sma);
        expectClose(reading.ema, expected.ema);
        expectClose(reading.rsi, expected.rsi);
        expectClose(reading.atr, expected.atr);
      }),
    );
  });

  it("stay within what the bars allow", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { sma, ema, rsi, atr } = readingAfter(history);
        const closes = closesOf(history);
        const [low, high] = [Math.min(...closes) - 1e-9, Math.max(...closes) + 1e-9];
        for (const average of [sma, ema]) {
          if (average === undefined) continue;
          expect(average >= low && average <= high).toBe(true);
        }
        if (rsi !== undefined) expect(rsi >= 0 && rsi <= 100).toBe(true);
        if (atr !== undefined) expect(atr).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("of two symbols do not touch each other", () => {
    fc.assert(
      fc.property(histories, histories, (left, right) => {
        const indicators = createIndicators(policy);
        const others = createIndicators(policy);
        let reading: IndicatorReading | undefined;
        for (let index = 0; index < Math.max(left.length, right.length); index++) {
          if (left[index] !== undefined) reading = indicators.afterBar(left[index]!);
          if (right[index] !== undefined) others.afterBar(right[index]!);
        }
        expect(reading).toEqual(readingAfter(left));
      }),
    );
  });
});

describe("the direction of the indicators", () => {
  const reading = { sma: 100, ema: 101, rsi: 60, atr: 1 };

  it.each<[string, Partial<IndicatorReading>, string]>([
    ["bullish above the slow average", {}, "bullish"],
    ["bearish below it", { ema: 99, rsi: 40 }, "bearish"],
    ["neutral when the rise is exhausted", { rsi: 75 }, "neutral"],
    ["neutral when the fall is exhausted", { ema: 99, rsi: 25 }, "neutral"],
    ["neutral until all of them are known", { rsi: undefined }, "neutral"],
  ])("is %s", (_name, change, direction) => {
    expect(indicatorDirection({ ...reading, ...change })).toBe(direction);
  });

  it("is neutral for as long as too few bars came", () => {
    fc.assert(
      fc.property(fc.array(bars, { maxLength: 14 }), (few) => {
        const fresh = createIndicators(DEFAULT_INDICATOR_POLICY);
        for (const bar of few) expect(indicatorDirection(fresh.afterBar(bar))).toBe("neutral");
      }),
    );
  });
});
