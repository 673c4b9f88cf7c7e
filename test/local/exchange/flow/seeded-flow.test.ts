import { describe, expect, it } from "vitest";
import { createSeededFlow } from "../../../../local/exchange/flow/seeded-flow.ts";
import { createSeededFeed } from "../../../../local/exchange/prices/seeded-feed.ts";
import { usd } from "../../../../shared/domain/market/money.ts";
import { parseTicker } from "../../../../shared/domain/market/ticker.ts";
import { ALERT_SUMMATION } from "../../../../shared/domain/signals/alert-sums.ts";
import { sentimentOf } from "../../../../shared/domain/signals/sentiment.ts";
import { sumAll } from "../../../domain/signals/sum-all.ts";

const SYMBOLS = ["SPY", "QQQ", "NVDA", "TSLA", "AAPL", "MSFT", "AMD", "KO"].map((name) =>
  parseTicker(name)!,
);
const [SPY] = SYMBOLS as [(typeof SYMBOLS)[number]];
const OPEN_MS = Date.UTC(2024, 2, 4, 14, 30);
const MS_PER_MINUTE = 60_000;
const WINDOW_MS = 120 * MS_PER_MINUTE;
const SEEDS = ["1", "2", "3"];

const flowOf = (seed: string) =>
  createSeededFlow({ seed, feed: createSeededFeed({ seed, symbols: SYMBOLS }) });

describe("seeded flow", () => {
  it("is lively within the first minute after the open, for every seed", () => {
    for (const seed of SEEDS) {
      const flow = flowOf(seed);
      const convinced = SYMBOLS.filter((symbol) => {
        const alerts = flow.alertsOf(symbol, OPEN_MS - WINDOW_MS, OPEN_MS + MS_PER_MINUTE);
        return sentimentOf(sumAll(ALERT_SUMMATION, alerts)).conviction > 0.3;
      });
      expect(convinced.length).toBeGreaterThanOrEqual(1);
    }
  });

  it("goes both ways within an hour, and sometimes neither", () => {
    const directions = new Set<string>();
    for (const seed of SEEDS) {
      const flow = flowOf(seed);
      for (const symbol of SYMBOLS) {
        for (let minute = 1; minute <= 60; minute += 5) {
          const nowMs = OPEN_MS + minute * MS_PER_MINUTE;
          const alerts = flow.alertsOf(symbol, nowMs - WINDOW_MS, nowMs);
          if (alerts.length > 0)
            directions.add(sentimentOf(sumAll(ALERT_SUMMATION, alerts)).direction);
        }
      }
    }
    expect([...directions].toSorted()).toEqual(["bearish", "bullish", "neutral"]);
  });

  it("lists newest first, within the stretch that was asked for, and the same again", () => {
    const nowMs = OPEN_MS + 45 * MS_PER_MINUTE;
    const flow = flowOf("1");
    const alerts = flow.alertsOf(SPY, nowMs - WINDOW_MS, nowMs);
    const times = alerts.map(({ createdAtMs }) => createdAtMs);
    expect(times).toEqual(times.toSorted((left, right) => right - left));
    expect(times.every((atMs) => atMs > nowMs - WINDOW_MS && atMs <= nowMs)).toBe(true);
    expect(flowOf("1").alertsOf(SPY, nowMs - WINDOW_MS, nowMs)).toEqual(alerts);
    for (const alert of alerts) {
      expect(alert.totalPremium).toBeGreaterThan(0);
      const sides = alert.askSidePremium + alert.bidSidePremium;
      expect(Math.abs(sides - alert.totalPremium)).toBeLessThanOrEqual(usd(1));
    }
  });

  it("prints in the dark pool at the quote of the time, and before the open too", () => {
    const flow = flowOf("1");
    const prints = SYMBOLS.flatMap((symbol) =>
      flow.printsOf(symbol, OPEN_MS - WINDOW_MS, OPEN_MS + 30 * MS_PER_MINUTE),
    );
    expect(prints.some(({ executedAtMs }) => executedAtMs < OPEN_MS)).toBe(true);
    for (const { price, bid, ask } of prints) {
      expect(price).toBeGreaterThanOrEqual(bid);
      expect(price).toBeLessThanOrEqual(ask);
    }
  });

  it("has a tide that starts at the open and gains a point every five minutes", () => {
    const flow = flowOf("1");
    expect(flow.tideUntil(OPEN_MS + 12 * MS_PER_MINUTE).map(({ atMs }) => atMs)).toEqual([
      OPEN_MS,
      OPEN_MS + 5 * MS_PER_MINUTE,
      OPEN_MS + 10 * MS_PER_MINUTE,
    ]);
  });
});
