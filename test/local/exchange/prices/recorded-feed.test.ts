import { describe, expect, it } from "vitest";
import { createRecordedFeed } from "../../../../local/exchange/prices/recorded-feed.ts";
import type { RecordedDay, RecordedDays } from "../../../../local/recorded-days/recorded-day.ts";
import type { Price } from "../../../../shared/domain/market/price.ts";
import type { Bar, Quote } from "../../../../shared/domain/market/quote.ts";
import { parseSessionDate } from "../../../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../../../shared/domain/market/ticker.ts";
import { quoteRowsOf, tradeRowsOf } from "../../../fixtures/recorded-rows.ts";

const SPY = parseTicker("SPY")!;
const MS_PER_MINUTE = 60_000;
const OPEN_MS = Date.UTC(2013, 9, 7, 13, 30);
const NEXT_OPEN_MS = Date.UTC(2013, 9, 8, 13, 30);

/** The closing quote of the minute that starts at a moment. */
const quoteAfter = (startsAtMs: number, units: number): Quote => ({
  symbol: SPY,
  bid: units as Price,
  ask: (units + 200) as Price,
  bidSize: 100,
  askSize: 200,
  exchangeTimeMs: startsAtMs + MS_PER_MINUTE,
});

const tradeBar = (startsAtMs: number, units: number): Bar => {
  const price = units as Price;
  return {
    symbol: SPY,
    startsAtMs,
    open: price,
    high: (units + 50) as Price,
    low: (units - 50) as Price,
    close: price,
    volume: 10,
  };
};

const day = (date: string, openMs: number, units: number): RecordedDay => {
  const minutes = [-30, 0, 1, 2].map((minute) => openMs + minute * MS_PER_MINUTE);
  const symbolDay = {
    symbol: SPY,
    date: parseSessionDate(date)!,
    quotes: quoteRowsOf(
      SPY,
      minutes.map((atMs, index) => quoteAfter(atMs, units + index * 100)),
    ),
    trades: tradeRowsOf(
      SPY,
      minutes.map((atMs, index) => tradeBar(atMs, units + index * 100)),
    ),
  };
  return { date: symbolDay.date, symbols: new Map([[SPY, symbolDay]]) };
};

const recorded: RecordedDays = {
  symbols: [SPY],
  days: [day("2013-10-07", OPEN_MS, 1_000_000), day("2013-10-08", NEXT_OPEN_MS, 2_000_000)],
  rowsRead: 16,
  rowsRejected: {
    wrongFieldCount: 0,
    notAnInteger: 0,
    timeOutsideDay: 0,
    timeNotIncreasing: 0,
    pricesInconsistent: 0,
  },
};

describe("recorded prices", () => {
  const feed = createRecordedFeed(recorded);

  it("show a minute only when it is over", () => {
    const during = feed.stateOf(SPY, OPEN_MS + MS_PER_MINUTE - 1)!;
    expect(during.quote!.bid).toBe(1_000_000);
    expect(during.dailyBar).toBeUndefined();
    const after = feed.stateOf(SPY, OPEN_MS + MS_PER_MINUTE)!;
    expect(after.quote).toMatchObject({ bid: 1_000_100, exchangeTimeMs: OPEN_MS + MS_PER_MINUTE });
    expect(after.trade!.price).toBe(1_000_100);
    expect(after.dailyBar).toMatchObject({ open: 1_000_100, volume: 10 });
  });

  it("sum up the regular session, and know the day before", () => {
    const state = feed.stateOf(SPY, NEXT_OPEN_MS + 3 * MS_PER_MINUTE)!;
    expect(state.dailyBar).toMatchObject({ open: 2_000_100, close: 2_000_300, volume: 30 });
    expect(state.previousDailyBar).toMatchObject({ high: 1_000_350, close: 1_000_300 });
    expect(feed.barsOf(SPY, "minute", OPEN_MS, OPEN_MS + 2 * MS_PER_MINUTE)).toHaveLength(2);
    expect(feed.barsOf(SPY, "day", OPEN_MS, NEXT_OPEN_MS)).toHaveLength(1);
  });

  it("know nothing before the first day, and invent no volatility index", () => {
    expect(feed.quoteOf(SPY, OPEN_MS - 86_400_000)).toBeUndefined();
    expect(feed.volatilityIndexAt(OPEN_MS)).toBeUndefined();
  });
});
