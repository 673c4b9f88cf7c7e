import { describe, expect, it } from "vitest";
import { createWithinLimits } from "../../../simulation/invariants/within-limits.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { cellOf, holding, intentOf, NOW_MS } from "../../fixtures/orders.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { arrived, by, createStage, judge, place, withClaims, wrote } from "./stage.ts";

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
});
