import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moneyToFloat } from "../../../shared/domain/market/money.ts";
import { priceToFloat, type Price } from "../../../shared/domain/market/price.ts";
import { quantityToFloat, shares } from "../../../shared/domain/market/quantity.ts";
import { FLAT, type Holding } from "../../../shared/domain/risk/control-cell.ts";
import { fillBetween, tradeHolding } from "../../../shared/domain/risk/trade-holding.ts";
import { NOW_MS, price } from "../../fixtures/orders.ts";

const prices = fc.integer({ min: 900_000, max: 1_100_000 }).map((units) => units as Price);
const trade = fc.record({
  signed: fc
    .integer({ min: -20, max: 20 })
    .filter((count) => count !== 0)
    .map(shares),
  at: prices,
});

describe("trading a holding", () => {
  it("keeps shares and money: what was realized and what is held add up to the cash", () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), (trades) => {
        let holding: Holding = FLAT;
        let realized = 0;
        let cash = 0;
        let count = 0;
        for (const { signed, at } of trades) {
          const traded = tradeHolding(holding, signed, at, NOW_MS);
          holding = traded.holding;
          realized += moneyToFloat(traded.realized);
          cash -= quantityToFloat(signed) * priceToFloat(at);
          count += signed;
        }
        expect(holding.quantity).toBe(count);
        const isFlat = count === 0;
        expect(holding.averagePrice === null).toBe(isFlat);
        expect(holding.openedAtMs === null).toBe(isFlat);
        const cost =
          holding.averagePrice === null
            ? 0
            : quantityToFloat(holding.quantity) * priceToFloat(holding.averagePrice);
        // An average is rounded to a ten-thousandth, for every share and trade.
        const rounding = 0.0001 * 20 * (trades.length + 1) * (trades.length + 1);
        expect(Math.abs(cash + cost - realized)).toBeLessThanOrEqual(rounding);
      }),
    );
  });

  it("averages on the way in only, and begins anew beyond flat", () => {
    const bought = tradeHolding(FLAT, shares(2), price("100.00"), NOW_MS).holding;
    const more = tradeHolding(bought, shares(2), price("110.00"), NOW_MS + 1).holding;
    expect(more).toMatchObject({ averagePrice: price("105.00"), openedAtMs: NOW_MS });
    const part = tradeHolding(more, shares(-1), price("120.00"), NOW_MS + 2);
    expect(part.holding.averagePrice).toBe(price("105.00"));
    expect(moneyToFloat(part.realized)).toBe(15);
    const flipped = tradeHolding(part.holding, shares(-5), price("90.00"), NOW_MS + 3);
    expect(flipped.holding).toMatchObject({
      quantity: shares(-2),
      averagePrice: price("90.00"),
      openedAtMs: NOW_MS + 3,
    });
    expect(moneyToFloat(flipped.realized)).toBe(-45);
  });
});

describe("what filled between two cumulative reports", () => {
  it("story 8: adds up to the last report, however often and in which steps it is told", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 10 }), prices), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(steps, (fills) => {
        let before = { quantity: shares(0), averagePrice: null as Price | null };
        let paid = 0;
        let count = 0;
        let known = 0;
        for (const [some, at] of fills) {
          paid += some * at;
          count += some;
          const after = {
            quantity: shares(count),
            averagePrice: Math.round(paid / count) as Price,
          };
          const filled = fillBetween(before, after);
          expect(filled?.quantity).toBe(shares(some));
          // The increment's price follows from two rounded averages.
          expect(Math.abs((filled?.price ?? 0) - at)).toBeLessThanOrEqual(count / some + 1);
          known += filled?.quantity ?? 0;
          expect(fillBetween(after, after)).toBeUndefined();
          expect(fillBetween(after, before)).toBeUndefined();
          before = after;
        }
        expect(known).toBe(shares(count));
      }),
    );
  });

  it("is nothing without a price: a fill that cannot be valued is not taken", () => {
    const after = { quantity: shares(2), averagePrice: null };
    expect(fillBetween({ quantity: shares(0), averagePrice: null }, after)).toBeUndefined();
  });
});
