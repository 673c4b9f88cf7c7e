import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionFault } from "../../../shared/domain/assert.ts";
import {
  absoluteQuantity,
  addQuantities,
  formatQuantity,
  isWholeShares,
  minQuantity,
  negateQuantity,
  parseQuantity,
  quantityToFloat,
  shares,
  subtractQuantities,
  ZERO_SHARES,
} from "../../../shared/domain/market/quantity.ts";

const quantities = fc.integer({ min: -4e15, max: 4e15 }).map((units) => {
  const text = `${units < 0 ? "-" : ""}${Math.trunc(Math.abs(units) / 1e9)}.${String(
    Math.abs(units) % 1e9,
  ).padStart(9, "0")}`;
  return parseQuantity(text)!;
});

describe("a quantity", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(quantities, (quantity) => {
        expect(parseQuantity(formatQuantity(quantity))).toBe(quantity);
      }),
    );
  });

  it("adds, subtracts and negates as numbers do", () => {
    fc.assert(
      fc.property(quantities, quantities, (left, right) => {
        expect(addQuantities(left, right)).toBe(addQuantities(right, left));
        expect(subtractQuantities(addQuantities(left, right), right)).toBe(left);
        expect(addQuantities(left, negateQuantity(left))).toBe(ZERO_SHARES);
        expect(minQuantity(left, right)).toBe(left < right ? left : right);
        expect(absoluteQuantity(left)).toBe(absoluteQuantity(negateQuantity(left)));
      }),
    );
  });

  it("knows whole shares", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), (count) => {
        expect(isWholeShares(shares(count))).toBe(true);
        expect(quantityToFloat(shares(count))).toBe(count);
      }),
    );
    expect(isWholeShares(parseQuantity("0.5")!)).toBe(false);
  });

  it("is never more than can be held exactly", () => {
    expect(() => shares(1e10)).toThrow(AssertionFault);
    expect(() => addQuantities(shares(9_000_000), shares(9_000_000))).toThrow(AssertionFault);
  });
});
