import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usd } from "../../../shared/domain/market/money.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import type { AccountReading } from "../../../shared/domain/risk/control-cell.ts";
import { observeAccount } from "../../../shared/domain/risk/observe-account.ts";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
import { cellOf, DATE, must, NOW_MS } from "../../fixtures/orders.ts";

const TOMORROW = must(parseSessionDate("2026-03-11"));

const reading = (equity: number): AccountReading => ({
  equity: usd(equity),
  cash: usd(equity),
  buyingPower: usd(equity),
  observedAtMs: NOW_MS,
});

describe("observing the account", () => {
  it("reduces exactly when a loss reaches the day's limit or the drawdown's, and stays so", () => {
    const cases = fc.record({
      equities: fc.array(fc.integer({ min: 50_000, max: 150_000 }), {
        minLength: 1,
        maxLength: 12,
      }),
      maxDailyLossPct: fc.integer({ min: 1, max: 20 }),
      maxDrawdownPct: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(cases, ({ equities, ...limits }) => {
        let cell = cellOf({ accountReading: null }, limits);
        let isReduced = false;
        let peak = 0;
        const [first = 0] = equities;
        for (const equity of equities) {
          cell = observeAccount(cell, reading(equity), DATE);
          peak = Math.max(peak, equity);
          const dayLossPct = ((first - equity) / first) * 100;
          const drawdownPct = ((peak - equity) / peak) * 100;
          isReduced ||=
            dayLossPct >= limits.maxDailyLossPct || drawdownPct >= limits.maxDrawdownPct;
          expect(cell.tradingState.mode).toBe(isReduced ? "reducing" : "active");
        }
        expect(cell.peakEquity).toBe(usd(peak));
        expect(cell.day?.startingEquity).toBe(usd(first));
      }),
    );
  });

  it("says what was lost and what the limit is, and never touches a halt", () => {
    const cell = observeAccount(cellOf({ peakEquity: usd(100_000) }), reading(100_000), DATE);
    const lost = observeAccount(cell, reading(96_000), DATE);
    expect(lost.tradingState).toMatchObject({
      mode: "reducing",
      by: "loss-limit",
      reason: "The day's loss is 4.00 % (from 100000.00 to 96000.00 USD); the limit is 3 %.",
    });
    const halted = haltTrading(cell, { reason: "A test.", by: "alice", atMs: NOW_MS });
    expect(observeAccount(halted, reading(1), DATE).tradingState).toBe(halted.tradingState);
  });

  it("starts each session from its own first reading, and keeps the highest of all", () => {
    const first = observeAccount(cellOf({}, { maxDrawdownPct: 90 }), reading(100_000), DATE);
    const fell = observeAccount(first, reading(98_000), DATE);
    const next = observeAccount(fell, reading(97_000), TOMORROW);
    expect(next.day).toMatchObject({ sessionDate: TOMORROW, startingEquity: usd(97_000) });
    expect(next.peakEquity).toBe(usd(100_000));
    expect(next.tradingState.mode).toBe("active");
  });

  it("goes on measuring the drawdown outside of any session", () => {
    const cell = observeAccount(cellOf(), reading(100_000), undefined);
    expect(cell.day).toBeNull();
    const lost = observeAccount(cell, reading(80_000), undefined);
    expect(lost.tradingState.mode).toBe("reducing");
  });

  it("starts counting cash anew, since the reading holds every fill until then", () => {
    const cell = cellOf({ cashFlow: usd(-500) });
    expect(observeAccount(cell, reading(100_000), DATE).cashFlow).toBe(0);
  });
});
