import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suggestLimits, type OrderSeen } from "../../../shared/domain/risk/suggest-limits.ts";

const limits = {
  maxNotionalPerOrderUsd: 2_000,
  maxPositionSizeUsd: 500,
  maxEntriesPerDay: 200,
  minCooldownMinutes: 5,
};
const orderAt = (minute: number, change: Partial<OrderSeen> = {}): OrderSeen => ({
  sessionDate: `2026-06-${String(1 + ((minute / 30) % 9)).padStart(2, "0")}`,
  symbol: "SPY",
  isEntry: true,
  notionalUsd: 300,
  decidedAtMs: minute * 60_000,
  denials: [],
  ...change,
});
const anyOrder = fc.record({
  sessionDate: fc.constantFrom(
    "2026-06-01",
    "2026-06-02",
    "2026-06-03",
    "2026-06-04",
    "2026-06-05",
  ),
  symbol: fc.constantFrom("SPY", "IBM"),
  isEntry: fc.boolean(),
  notionalUsd: fc.option(fc.double({ min: 0, max: 5_000, noNaN: true })),
  decidedAtMs: fc.integer({ min: 0, max: 1_000_000_000 }),
  denials: fc.constantFrom([], ["positionSize"], ["cooldown", "dailyEntries"]),
});

describe("limits that history suggests", () => {
  it("are never looser than those that are in force, whatever was denied", () => {
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 120 }), (orders) => {
        for (const { limit, current, suggested } of suggestLimits(orders, limits)) {
          if (suggested === null) continue;
          if (limit === "minCooldownMinutes") expect(suggested).toBeGreaterThan(current);
          else expect(suggested).toBeLessThan(current);
        }
      }),
    );
  });

  it("leave a quarter to spare above what is usual, and say how often each denied", () => {
    const orders = Array.from({ length: 40 }, (_, index) => orderAt(index * 30));
    const denied = orderAt(5_000, { denials: ["positionSize"] });
    expect(suggestLimits([...orders, denied], limits)).toEqual([
      { limit: "maxNotionalPerOrderUsd", current: 2_000, usual: 300, denied: 0, suggested: 375 },
      { limit: "maxPositionSizeUsd", current: 500, usual: null, denied: 1, suggested: null },
      {
        limit: "maxEntriesPerDay",
        current: 200,
        usual: expect.any(Number),
        denied: 0,
        suggested: expect.any(Number),
      },
      { limit: "minCooldownMinutes", current: 5, usual: 30, denied: 0, suggested: 24 },
    ]);
  });

  it("say nothing from too little", () => {
    const few = Array.from({ length: 10 }, (_, index) => orderAt(index * 30));
    for (const { suggested, limit } of suggestLimits(few, limits)) {
      if (limit !== "maxEntriesPerDay") expect(suggested).toBeNull();
    }
    expect(suggestLimits([], limits).every(({ usual }) => usual === null)).toBe(true);
  });
});
