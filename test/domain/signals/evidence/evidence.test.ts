import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseSessionDate,
  type SessionDate,
} from "../../../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../../../shared/domain/market/ticker.ts";
import { calendarEvidenceOf } from "../../../../shared/domain/signals/evidence/calendar-evidence.ts";
import { fundFlowLeanOf } from "../../../../shared/domain/signals/evidence/fund-flow-lean.ts";
import { institutionalLeanOf } from "../../../../shared/domain/signals/evidence/institutional-lean.ts";
import { squeezeOf } from "../../../../shared/domain/signals/evidence/squeeze-signs.ts";
import {
  type ReportedTrade,
  tradedLeanOf,
} from "../../../../shared/domain/signals/evidence/traded-side.ts";

const DAY_MS = 86_400_000;
const nowMs = Date.parse("2013-10-07T14:00:00Z");
const SPY = parseTicker("SPY")!;
const date = (text: string): SessionDate => parseSessionDate(text)!;

const trades = fc.array(
  fc.record<ReportedTrade>({
    side: fc.constantFrom("buy", "sell"),
    weight: fc.integer({ min: 0, max: 1_000_000 }),
    tradedAtMs: fc.integer({ min: nowMs - 200 * DAY_MS, max: nowMs }),
  }),
);

const opposite = { bullish: "bearish", bearish: "bullish", neutral: "neutral" } as const;

describe("reported trades", () => {
  it("lean the other way, as clearly, when every side is the other one", () => {
    fc.assert(
      fc.property(trades, (list) => {
        const lean = tradedLeanOf(list, nowMs);
        const turned = list.map((trade): ReportedTrade => ({
          ...trade,
          side: trade.side === "buy" ? "sell" : "buy",
        }));
        expect(tradedLeanOf(turned, nowMs)).toEqual({
          ...lean,
          direction: opposite[lean.direction],
        });
        expect(lean.clarity).toBeGreaterThanOrEqual(0);
        expect(lean.clarity).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("count for 90 days", () => {
    const trade = { side: "buy", weight: 100 } as const;
    const of = (ageDays: number) =>
      tradedLeanOf([{ ...trade, tradedAtMs: nowMs - ageDays * DAY_MS }], nowMs);
    expect(of(89)).toEqual({ direction: "bullish", clarity: 1, tradeCount: 1 });
    expect(of(91)).toEqual({ direction: "neutral", clarity: 0, tradeCount: 0 });
  });
});

describe("institutions", () => {
  it("lean by the shares that they bought or sold of all that they hold", () => {
    const owner = { shares: 1_000_000, changedShares: 200_000 };
    const other = { shares: 1_000_000, changedShares: -50_000 };
    expect(institutionalLeanOf([owner, other])).toEqual({
      direction: "bullish",
      holderCount: 2,
      valueShare: 0.075,
    });
    expect(institutionalLeanOf([{ ...owner, changedShares: 100 }])?.direction).toBe("neutral");
    expect(institutionalLeanOf([])).toBeUndefined();
  });
});

describe("a fund", () => {
  it("leans by what was created of what was traded, in full from a tenth on", () => {
    const day = { changedShares: -4_000_000, tradedShares: 80_000_000 };
    expect(fundFlowLeanOf([day])).toEqual({ direction: "bearish", strength: 0.5 });
    expect(fundFlowLeanOf([{ ...day, changedShares: 80_000_000 }])).toEqual({
      direction: "bullish",
      strength: 1,
    });
    expect(fundFlowLeanOf([{ changedShares: 5, tradedShares: 0 }])).toBeUndefined();
  });
});

describe("a squeeze", () => {
  it("is high with all three signs, and what is not known is no sign", () => {
    const all = { shortInterestShare: 0.2, daysToCover: 6, failsToDeliver: 100_001 };
    expect(squeezeOf({ ...all, observedAtMs: 1 })).toEqual({
      isHigh: true,
      signCount: 3,
      observedAtMs: 1,
    });
    const unknown = { ...all, daysToCover: undefined, observedAtMs: 1 };
    expect(squeezeOf(unknown)).toMatchObject({ isHigh: false, signCount: 2 });
  });
});

describe("the calendar", () => {
  const known = {
    earnings: { dates: [date("2013-10-02"), date("2013-10-14"), date("2014-01-15")] },
    economicEvents: { atMs: [nowMs - 3_600_000, nowMs + DAY_MS] },
    drugDecisions: [{ symbol: SPY, from: date("2013-10-14"), to: date("2013-10-20") }],
  };

  it("has the days to the next report, decisions within a week, and today's figures", () => {
    expect(calendarEvidenceOf(SPY, known, nowMs)).toEqual({
      daysToEarnings: 7,
      hasFdaEvent: true,
      economicEventCount: 1,
      observedAtMs: Date.parse("2013-10-07T04:00:00Z"),
    });
  });

  it("is not known while one of its three parts is not", () => {
    for (const name of ["earnings", "economicEvents", "drugDecisions"]) {
      expect(calendarEvidenceOf(SPY, { ...known, [name]: undefined }, nowMs)).toBeUndefined();
    }
  });
});
