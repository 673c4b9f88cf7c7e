import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Price } from "../../../shared/domain/market/price.ts";
import { shares, type Quantity } from "../../../shared/domain/market/quantity.ts";
import { commitmentOf } from "../../../shared/domain/risk/exposure.ts";
import { comparePositions } from "../../../shared/domain/reconciliation/compare-positions.ts";
import { cellOf, holding, IBM, intentOf, price } from "../../fixtures/orders.ts";
import { positionOf, seenOf } from "../../fixtures/broker-view.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";

const seen = (count: number, at = "100.00") =>
  seenOf({ positions: count === 0 ? [] : [positionOf(shares(count), price(at))] });

const counts = fc.integer({ min: -20, max: 20 });

describe("an average price that is none", () => {
  const absurd = price("9000000000.00");

  it.each([true, false])("is told of and not taken over: held before %s", (isHeld) => {
    const cell = cellOf({
      ...(isHeld ? holding(2) : { holdings: {} }),
      reconciliation: { state: "never", cleanAtMs: null },
    });
    const odd = seenOf({ positions: [positionOf(shares(2), absurd)] });
    const compared = comparePositions(cell, odd, false);
    expect(compared.cell.holdings[IBM]).toMatchObject({
      quantity: shares(2),
      averagePrice: isHeld ? price("100.00") : price("0.00"),
    });
    expect(compared.differences).toMatchObject([{ type: "averagePrice" }]);
    // Whatever is decided afterwards sums up what is held.
    expect(commitmentOf(compared.cell).exposed).toBeGreaterThanOrEqual(0);
  });
});

describe("comparing positions", () => {
  it("story 3: never changes what the ledger holds on what nothing explains", () => {
    fc.assert(
      fc.property(counts, counts, (held, actual) => {
        // An average price far from any split's.
        const cell = cellOf(held === 0 ? {} : holding(held, "100.00"));
        const { differences, cell: after } = comparePositions(cell, seen(actual, "99.00"), false);
        if (held === actual) return;
        expect(differences.map(({ type }) => type)).toEqual(["externalPosition"]);
        expect(after).toBe(cell);
      }),
    );
  });

  it("finds nothing to say where both agree, and takes over a rounded average in silence", () => {
    fc.assert(
      fc.property(counts, (held) => {
        const cell = cellOf(held === 0 ? {} : holding(held, "100.00"));
        expect(comparePositions(cell, seen(held), false)).toEqual({ cell, differences: [] });
      }),
    );
    const close = comparePositions(cellOf(holding(2)), seen(2, "100.01"), false);
    expect(close.differences).toEqual([]);
    expect(close.cell.holdings[IBM]?.averagePrice).toBe(price("100.01"));
    const far = comparePositions(cellOf(holding(2)), seen(2, "102.00"), false);
    expect(far.differences).toMatchObject([{ type: "averagePrice" }]);
  });

  it("explains every position between none and all of what is in flight filled", () => {
    const cases = fc.record({
      held: fc.integer({ min: 0, max: 10 }),
      working: fc.integer({ min: 1, max: 10 }),
      actual: fc.integer({ min: -30, max: 30 }),
      side: fc.constantFrom("buy", "sell"),
    } as const);
    fc.assert(
      fc.property(cases, ({ held, working, actual, side }) => {
        const claim = claimOf(intentOf({ side, count: working }), { stage: "working" });
        const cell = cellOf({ ...(held === 0 ? {} : holding(held)), ...inFlightOf(claim) });
        const [low, high] = side === "buy" ? [held, held + working] : [held - working, held];
        const { differences } = comparePositions(cell, seen(actual, "99.00"), false);
        const isExplained = differences.every(({ type }) => type !== "externalPosition");
        expect(isExplained).toBe(actual >= low && actual <= high);
      }),
    );
  });

  it("story 15: recognises a split by quantity and price together, and takes it over", () => {
    const splits = fc.record({
      held: fc.integer({ min: 1, max: 50 }).map((count) => count * 10),
      ratio: fc.constantFrom([2, 1], [3, 2], [10, 1], [20, 1], [1, 10], [1, 2]),
      units: fc.integer({ min: 200_000, max: 3_000_000 }),
      isPriceRight: fc.boolean(),
    });
    fc.assert(
      fc.property(splits, ({ held, ratio, units, isPriceRight }) => {
        const [to = 1, from = 1] = ratio;
        const after = ((shares(held) * to) / from) as Quantity;
        const right = Math.round((units * from) / to) as Price;
        const at = isPriceRight ? right : (units as Price);
        const holdings = {
          [IBM]: {
            quantity: shares(held),
            averagePrice: units as Price,
            openedAtMs: 1,
            lastEntryAtMs: null,
          },
        };
        const compared = comparePositions(
          cellOf({ holdings }),
          seenOf({ positions: [positionOf(after, at)] }),
          false,
        );
        const type = isPriceRight ? "corporateAction" : "externalPosition";
        expect(compared.differences).toMatchObject([{ type }]);
        expect(compared.cell.holdings[IBM]?.quantity).toBe(isPriceRight ? after : shares(held));
      }),
    );
  });

  it("takes over what nothing explains where the account is new, or a person says so", () => {
    const never = cellOf({ reconciliation: { state: "never", cleanAtMs: null } });
    for (const { cell, differences } of [
      comparePositions(never, seen(7), false),
      comparePositions(cellOf(holding(2)), seen(7), true),
    ]) {
      expect(differences).toEqual([]);
      expect(cell.holdings[IBM]).toMatchObject({ quantity: shares(7) });
    }
  });
});
