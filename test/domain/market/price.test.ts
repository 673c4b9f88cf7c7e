import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ceilToTick,
  floorToTick,
  formatPrice,
  parsePrice,
  priceFromFloat,
  priceFromUnits,
  priceToFloat,
  roundToTick,
  scalePrice,
} from "../../../shared/domain/market/price.ts";

const units = fc.double({ min: 1, max: 1e9, noNaN: true });
const tickOf = (price: number): number => (price >= 10_000 ? 100 : 1);

describe("a price", () => {
  it("survives text and float", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (count) => {
        const price = priceFromUnits(count)!;
        expect(parsePrice(formatPrice(price))).toBe(price);
        expect(priceFromFloat(priceToFloat(price))).toBe(price);
      }),
    );
  });

  it("is not made of what is no number", () => {
    expect(priceFromFloat(Number.NaN)).toBeUndefined();
    expect(priceFromUnits(1.5)).toBeUndefined();
    expect(parsePrice("12.34567")).toBeUndefined();
  });

  it("rounds to a tick that the exchange accepts", () => {
    fc.assert(
      fc.property(units, (count) => {
        const floor = floorToTick(count);
        const ceil = ceilToTick(count);
        const nearest = roundToTick(count);
        for (const price of [floor, ceil, nearest]) expect(price % tickOf(price)).toBe(0);
        expect(floor).toBeLessThanOrEqual(count);
        expect(ceil).toBeGreaterThanOrEqual(count);
        expect(ceil - floor).toBeLessThanOrEqual(tickOf(count));
        expect([floor, ceil]).toContain(nearest);
      }),
    );
  });

  it("is scaled to the nearest tick", () => {
    expect(scalePrice(parsePrice("100.00")!, 1.02)).toBe(parsePrice("102.00"));
    expect(scalePrice(parsePrice("187.25")!, 0.98)).toBe(parsePrice("183.51"));
    expect(scalePrice(parsePrice("0.5000")!, 1.001)).toBe(parsePrice("0.5005"));
  });
});
