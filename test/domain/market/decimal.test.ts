import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  floatToUnits,
  formatDecimal,
  parseDecimal,
} from "../../../shared/domain/market/decimal.ts";

const scales = fc.integer({ min: 0, max: 9 });
const unitsThatFit = fc.integer({ min: -(10 ** 14), max: 10 ** 14 });

describe("a fixed-point decimal", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(unitsThatFit, scales, scales, (units, scale, decimalsMin) => {
        const text = formatDecimal(units, scale, decimalsMin);
        // The fraction may be padded beyond the scale, with zeros only.
        expect(parseDecimal(text, scale)).toBe(units);
      }),
    );
  });

  it("agrees with the float of the same text to within half a unit", () => {
    fc.assert(
      fc.property(unitsThatFit, scales, (units, scale) => {
        const float = Number(formatDecimal(units, scale, 0));
        expect(Math.abs(float - units / 10 ** scale)).toBeLessThanOrEqual(Math.abs(float) * 1e-15);
      }),
    );
  });

  it("is never made of text that is not a plain decimal", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom("", ".", "-", "1.", ".5", "1e3", "0x10", "NaN", "Infinity", "1,000", " 1"),
    );
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!/^[+-]?\d{1,15}(\.\d{1,18})?$/.test(text));
        expect(parseDecimal(text, 4)).toBeUndefined();
      }),
    );
  });

  it("refuses what is finer than its scale, and takes trailing zeros", () => {
    expect(parseDecimal("1.23456", 4)).toBeUndefined();
    expect(parseDecimal("1.23450", 4)).toBe(12_345);
    expect(parseDecimal("-0", 4)).toBe(0);
    expect(Object.is(parseDecimal("-0.0", 4), 0)).toBe(true);
  });

  it("refuses what no safe integer holds", () => {
    expect(parseDecimal("999999999999999", 4)).toBeUndefined();
    expect(floatToUnits(1e15, 4)).toBeUndefined();
  });

  it("takes the nearest unit of a float, and nothing that is not finite", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), scales, (value, scale) => {
        const units = floatToUnits(value, scale)!;
        expect(Math.abs(units - value * 10 ** scale)).toBeLessThanOrEqual(0.5);
        expect(Object.is(units, -0)).toBe(false);
      }),
    );
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      expect(floatToUnits(value, 4)).toBeUndefined();
    }
  });
});
