import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawMarketDay, MINUTES_PER_DAY } from "../../../../local/exchange/prices/regimes.ts";
import { createSeededFeed } from "../../../../local/exchange/prices/seeded-feed.ts";
import { profileOf } from "../../../../local/exchange/prices/starting-prices.ts";
import { parseSessionDate } from "../../../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../../../shared/domain/market/ticker.ts";

const SYMBOLS = ["SPY", "NVDA", "KO", "ZZZQ"].map((name) => parseTicker(name)!);
const [SPY] = SYMBOLS as [(typeof SYMBOLS)[number]];
const OPEN_MS = Date.UTC(2024, 2, 4, 14, 30);
const CLOSE_MS = Date.UTC(2024, 2, 4, 21, 0);
const MS_PER_MINUTE = 60_000;

const feed = createSeededFeed({ seed: "prices", symbols: SYMBOLS });
const moment = fc.integer({ min: OPEN_MS - 3 * 86_400_000, max: CLOSE_MS + 3 * 86_400_000 });

describe("seeded prices", () => {
  it("give a sane quote in cents, a bar around it, and nothing from the future, at any moment", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SYMBOLS), moment, (symbol, atMs) => {
        const { quote, trade, minuteBar, dailyBar, previousDailyBar } = feed.stateOf(symbol, atMs)!;
        expect(quote!.bid).toBeGreaterThan(0);
        expect(quote!.ask).toBeGreaterThan(quote!.bid);
        expect((quote!.ask - quote!.bid) / quote!.bid).toBeLessThan(0.01);
        expect([quote!.bid % 100, quote!.ask % 100]).toEqual([0, 0]);
        expect(quote!.exchangeTimeMs).toBeLessThanOrEqual(atMs);
        expect(trade!.exchangeTimeMs).toBeLessThanOrEqual(atMs);
        for (const bar of [minuteBar, dailyBar, previousDailyBar]) {
          if (bar === undefined) continue;
          expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
          expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
          expect(bar.volume).toBeGreaterThan(0);
        }
        expect(minuteBar === undefined || minuteBar.startsAtMs + MS_PER_MINUTE <= atMs).toBe(true);
        expect(previousDailyBar!.startsAtMs).toBeLessThan(atMs);
      }),
      { numRuns: 60 },
    );
  });

  it("are the same for the same seed, whichever moment is asked for first", () => {
    const other = createSeededFeed({ seed: "prices", symbols: SYMBOLS });
    fc.assert(
      fc.property(fc.constantFrom(...SYMBOLS), moment, (symbol, atMs) => {
        expect(other.quoteOf(symbol, atMs)).toEqual(feed.quoteOf(symbol, atMs));
      }),
      { numRuns: 40 },
    );
    const different = createSeededFeed({ seed: "others", symbols: SYMBOLS });
    expect(different.quoteOf(SPY, OPEN_MS)).not.toEqual(feed.quoteOf(SPY, OPEN_MS));
  });

  it("stay near the symbol's starting price over years", () => {
    for (const symbol of SYMBOLS) {
      for (let year = 2015; year < 2030; year++) {
        const quote = feed.quoteOf(symbol, Date.UTC(year, 5, 3, 16))!;
        const ratio = quote.bid / 10_000 / profileOf(symbol).priceUsd;
        expect(ratio).toBeGreaterThan(0.3);
        expect(ratio).toBeLessThan(3);
      }
    }
  });

  it("move at most a little within a second", () => {
    for (let second = 0; second < 600; second++) {
      const now = feed.quoteOf(SPY, OPEN_MS + second * 1_000)!;
      const next = feed.quoteOf(SPY, OPEN_MS + (second + 1) * 1_000)!;
      expect(Math.abs(next.bid / now.bid - 1)).toBeLessThan(0.003);
    }
  });

  it("gap overnight, trade most at the open and the close, and stand still at night", () => {
    const bars = feed.barsOf(SPY, "minute", OPEN_MS, CLOSE_MS);
    expect(bars).toHaveLength(390);
    const volume = (from: number, to: number): number =>
      bars.slice(from, to).reduce((sum, bar) => sum + bar.volume, 0);
    expect(volume(0, 30)).toBeGreaterThan(volume(180, 210));
    expect(volume(360, 390)).toBeGreaterThan(volume(180, 210));
    const state = feed.stateOf(SPY, CLOSE_MS)!;
    expect(state.dailyBar!.open).not.toBe(state.previousDailyBar!.close);
    const night = feed.quoteOf(SPY, CLOSE_MS + 5 * 3_600_000)!;
    expect(feed.quoteOf(SPY, CLOSE_MS + 9 * 3_600_000)).toEqual(night);
  });

  it("visit every regime, and the volatility index follows them", () => {
    const sums = { calm: 0, trending: 0, turbulent: 0 };
    const counts = { calm: 0, trending: 0, turbulent: 0 };
    for (let day = 1; day <= 28; day++) {
      const date = parseSessionDate(`2024-02-${String(day).padStart(2, "0")}`)!;
      const { regimes, volatilityIndex } = drawMarketDay("regimes", date);
      expect(regimes).toHaveLength(MINUTES_PER_DAY);
      for (const [minute, regime] of regimes.entries()) {
        sums[regime] += volatilityIndex[minute] ?? 0;
        counts[regime]++;
      }
    }
    const mean = (regime: keyof typeof sums): number => sums[regime] / counts[regime];
    expect(Math.min(counts.calm, counts.trending, counts.turbulent)).toBeGreaterThan(500);
    expect(mean("turbulent")).toBeGreaterThan(mean("trending"));
    expect(mean("trending")).toBeGreaterThan(mean("calm"));
    expect(feed.volatilityIndexAt(OPEN_MS)!.value).toBeGreaterThan(8);
  });

  it("know nothing of a symbol that is not in the feed", () => {
    const unknown = parseTicker("NOPE")!;
    expect(feed.stateOf(unknown, OPEN_MS)).toBeUndefined();
    expect(feed.quoteOf(unknown, OPEN_MS)).toBeUndefined();
    expect(feed.barsOf(unknown, "day", 0, OPEN_MS)).toEqual([]);
  });

  it("give daily bars of closed sessions only, oldest first", () => {
    const bars = feed.barsOf(SPY, "day", OPEN_MS - 8 * 86_400_000, OPEN_MS + 3_600_000);
    expect(bars.length).toBeGreaterThanOrEqual(5);
    expect(bars.at(-1)!.startsAtMs).toBeLessThan(OPEN_MS);
    expect(bars.map(({ startsAtMs }) => startsAtMs)).toEqual(
      bars.map(({ startsAtMs }) => startsAtMs).toSorted((left, right) => left - right),
    );
  });
});
