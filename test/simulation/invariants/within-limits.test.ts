import { describe, expect, it } from "vitest";
import { createWithinLimits } from "../../../simulation/invariants/within-limits.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import type { Limits } from "../../../shared/domain/risk/limits.ts";
import { cellOf, DATE, holding, IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { settings } from "../../use-cases/trading-account.ts";
import { arrived, by, createStage, judge, place, type Told, withClaims, wrote } from "./stage.ts";

const entry = intentOf();

const executes = by("execute-orders");

const claims = (before: ControlCell, count: number): number => {
  const claim = claimOf(intentOf({ count }), { quantity: shares(count) });
  const told = wrote(
    before,
    withClaims(before, ...Object.values(before.inFlight), claim),
    executes,
  );
  return judge(createWithinLimits(), createStage(), [told]).length;
};

describe("limits", () => {
  it("hold below every limit", () => {
    expect(claims(cellOf(), 4)).toBe(0);
  });

  it("are broken by position, order, account, day, buying power and claims at once", () => {
    expect(claims(cellOf(), 6)).toBe(1);
    expect(claims(cellOf(holding(3)), 2)).toBe(1);
    expect(claims(cellOf({}, { maxNotionalPerOrder: usd(300) }), 4)).toBe(1);
    expect(claims(cellOf({}, { maxPortfolioExposurePct: 0.3 }), 4)).toBe(1);
    expect(claims(cellOf({}, { maxConcentrationPerSymbolPct: 0.3 }), 4)).toBe(1);
    expect(claims(cellOf({}, { maxInFlight: 0 }), 4)).toBe(1);
    const { accountReading } = cellOf();
    if (accountReading === null) throw new Error("The fixture's account was read.");
    expect(claims(cellOf({ accountReading: { ...accountReading, buyingPower: usd(9) } }), 1)).toBe(
      1,
    );
    expect(claims(cellOf({ accountReading: null }), 1)).toBe(1);
  });

  it("count what works in other symbols, and what works in this one", () => {
    const other = claimOf(intentOf({ minute: 3, count: 3 }), { quantity: shares(3) });
    expect(claims(withClaims(cellOf(), other), 2)).toBe(1);
  });

  it("are broken by what the broker has of a symbol, and by entries within the cooldown", () => {
    const stage = createStage();
    place(stage, intentOf({ count: 4 }));
    const more = intentOf({ count: 4, minute: 1 });
    place(stage, more);
    const first = wrote(cellOf(), withClaims(cellOf(), claimOf(entry)), executes);
    const both = withClaims(cellOf(), claimOf(entry), claimOf(more));
    const second = wrote(
      cellOf({ version: 5 }),
      { ...both, version: 6 },
      executes,
      NOW_MS + 60_000,
    );
    const told = [first, arrived(entry, 1), second, arrived(more, 5)];
    const details = judge(createWithinLimits(), stage, told).map(({ detail }) => detail);
    expect(details.filter((detail) => detail.includes("cooldown"))).toHaveLength(1);
    expect(details.filter((detail) => detail.startsWith("The broker's"))).toHaveLength(2);
  });

  it("are broken by an old account, a latched symbol, and a sale of what is not held", () => {
    const { accountReading, day } = dayCell;
    const old = { ...accountReading, observedAtMs: NOW_MS - 161_000 };
    expect(claims(cellOf({ accountReading: old }), 1)).toBe(1);
    const reject = { symbol: IBM, code: "42210000", count: 3, lastAtMs: NOW_MS };
    expect(claims(cellOf({ day: { ...day, rejects: [{ ...reject, count: 2 }] } }), 1)).toBe(0);
    expect(claims(cellOf({ day: { ...day, rejects: [reject] } }), 1)).toBe(1);
    const sale = claimOf(intentOf({ side: "sell" }));
    const sells = (before: ControlCell): number =>
      judge(createWithinLimits(), createStage(), [
        wrote(before, withClaims(before, sale), executes),
      ]).length;
    expect(sells(cellOf({}, { allowShortSelling: true }))).toBe(0);
    expect(sells(cellOf())).toBe(1);
    expect(sells(cellOf(holding(1), { allowShortSelling: true }))).toBe(1);
  });

  it("are broken by a claim that reserves less than its order may cost", () => {
    const stage = createStage();
    stage.histories.set(entry.clientOrderId, [
      { type: "intentRecorded", atMs: NOW_MS, intent: entry, recordedBy: "d" },
    ]);
    const reserves = (text: string): number => {
      const claim = claimOf(entry, { price: price(text) });
      const told = wrote(cellOf(), withClaims(cellOf(), claim), executes);
      return judge(createWithinLimits(), stage, [told]).length;
    };
    expect(reserves("100.10")).toBe(0);
    expect(reserves("100.09")).toBe(1);
  });

  it("are broken by a reading of the account that is not what the broker has", () => {
    expect(reads(100_000)).toBe(0);
    expect(reads(200_000)).toBe(1);
  });

  it("are broken by entries that are allowed behind a loss of the day, or of the account", () => {
    const day = { maxDailyLossPct: 1, maxDrawdownPct: 50 };
    expect(reads(99_500, day)).toBe(0);
    expect(reads(98_500, day)).toBe(1);
    expect(reads(98_500, day, "reducing")).toBe(0);
    expect(reads(98_500, { maxDailyLossPct: 50, maxDrawdownPct: 1 })).toBe(1);
  });

  it("are broken by more entries of a day than allowed, whatever the cell has counted", () => {
    const { maxEntriesPerDay } = settings.limits;
    let before = cellOf({ limits: settings.limits });
    const stage = createStage();
    const told: Told[] = [];
    for (let minute = 0; minute <= maxEntriesPerDay; minute++) {
      const intent = intentOf({ minute, count: 1 });
      const after = withClaims(before, claimOf(intent));
      told.push(wrote(before, after, executes), arrived(intent, before.version));
      before = after;
    }
    const details = judge(createWithinLimits(), stage, told).map(({ detail }) => detail);
    const beyond = `It is entry ${maxEntriesPerDay + 1} of its day.`;
    expect(details.filter((detail) => detail.includes("of its day"))).toEqual([beyond]);
  });
});

const dayCell = {
  accountReading: {
    equity: usd(100_000),
    cash: usd(100_000),
    buyingPower: usd(200_000),
    observedAtMs: NOW_MS,
  },
  day: {
    sessionDate: DATE,
    entries: 0,
    exits: 0,
    startingEquity: usd(100_000),
    realizedProfit: usd(0),
    rejects: [],
  },
};

/** A day begins with 100,000 USD, and so much is read a minute later. */
const reads = (
  equity: number,
  limits: Partial<Limits> = {},
  mode: "active" | "reducing" = "active",
): number => {
  const { accountReading, day } = dayCell;
  const first = cellOf({ version: 2, accountReading, day }, limits);
  const reading = { ...accountReading, equity: usd(equity), observedAtMs: NOW_MS + 60_000 };
  const tradingState = { ...first.tradingState, mode };
  const second = { ...first, version: 3, accountReading: reading, tradingState };
  return judge(createWithinLimits(), createStage(), [
    wrote(cellOf({}, limits), first, by("reconcile-orders")),
    wrote(first, second, by("reconcile-orders"), NOW_MS + 60_000),
  ]).length;
};
