import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionFault } from "../../../shared/domain/assert.ts";
import {
  addMoney,
  formatMoney,
  moneyFromFloat,
  moneyToFloat,
  notional,
  parseMoney,
  subtractMoney,
  usd,
  ZERO_USD,
} from "../../../shared/domain/market/money.ts";
import { parsePrice, priceFromUnits } from "../../../shared/domain/market/price.ts";
import { negateQuantity, parseQuantity, shares } from "../../../shared/domain/market/quantity.ts";

const amounts = fc.integer({ min: -1e12, max: 1e12 }).map((cents) => moneyFromFloat(cents / 1e4)!);
const prices = fc.integer({ min: 1, max: 1e8 }).map((units) => priceFromUnits(units)!);

describe("an amount of money", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parseMoney(formatMoney(amount))).toBe(amount);
        expect(moneyFromFloat(moneyToFloat(amount))).toBe(amount);
      }),
    );
  });

  it("adds and subtracts exactly", () => {
    fc.assert(
      fc.property(amounts, amounts, (left, right) => {
        expect(subtractMoney(addMoney(left, right), right)).toBe(left);
        expect(subtractMoney(left, left)).toBe(ZERO_USD);
      }),
    );
  });

  it("is never more than can be held exactly", () => {
    expect(() => usd(1e12)).toThrow(AssertionFault);
    expect(() => addMoney(usd(9e9), usd(9e9))).toThrow(AssertionFault);
  });
});

describe("a notional", () => {
  it("of whole shares is exact, and adds up over shares", () => {
    fc.assert(
      fc.property(prices, fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 }), (price, some, more) => {
        expect(notional(price, shares(some))).toBe(price * some * 100);
        expect(addMoney(notional(price, shares(some)), notional(price, shares(more)))).toBe(
          notional(price, shares(some + more)),
        );
      }),
    );
  });

  it("of a fraction is never understated, on either side, by rounding", () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 999_999_999 }), (price, billionths) => {
        const quantity = parseQuantity(`0.${String(billionths).padStart(9, "0")}`)!;
        const exact = (price * billionths) / 1e7;
        const value = notional(price, quantity);
        expect(value).toBeGreaterThanOrEqual(Math.floor(exact));
        expect(value - exact).toBeLessThan(1.001);
        expect(notional(price, negateQuantity(quantity))).toBe(0 - value);
      }),
    );
    expect(notional(parsePrice("0.0001")!, parseQuantity("0.000000001")!)).toBe(1);
  });
});
