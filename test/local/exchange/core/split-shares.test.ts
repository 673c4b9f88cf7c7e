import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createExchange } from "../../../../local/exchange/core/exchange.ts";
import { sessionOf } from "../../../../shared/domain/market/calendar.ts";
import { moneyToFloat, usd } from "../../../../shared/domain/market/money.ts";
import type { Price } from "../../../../shared/domain/market/price.ts";
import { quantityToFloat, shares } from "../../../../shared/domain/market/quantity.ts";
import { SPLIT_RATIOS } from "../../../../shared/domain/market/share-split.ts";
import { DATE, IBM } from "../../../fixtures/orders.ts";

const OPEN_MS = sessionOf(DATE)!.opensAtMs;

/** A bought position with its bracket, and the market's price. */
const openWith = (count: number, cents: number) => {
  const exchange = createExchange({
    name: "split",
    startsAtMs: OPEN_MS,
    startingCash: usd(1_000_000),
  });
  const price = (cents * 100) as Price;
  const quote = { symbol: IBM, bid: price, ask: price, bidSize: 10_000, askSize: 10_000 };
  exchange.onQuote(quote, OPEN_MS);
  exchange.onBookTrade(exchange.bookOf(IBM), price);
  exchange.submitOrder(
    {
      symbol: IBM,
      side: "buy",
      type: "limit",
      timeInForce: "gtc",
      quantity: shares(count),
      limitPrice: price,
      orderClass: "bracket",
      takeProfit: { limitPrice: (price * 2) as Price },
      stopLoss: { stopPrice: (Math.round(cents / 2) * 100) as Price },
    },
    OPEN_MS,
  );
  return exchange;
};

const open = (exchange: ReturnType<typeof openWith>) =>
  exchange.listOrders({ status: "open", limit: 10, direction: "asc", isNested: false });

const cases = fc.record({
  ratio: fc.constantFrom(...SPLIT_RATIOS),
  count: fc.integer({ min: 1, max: 500 }),
  cents: fc.integer({ min: 2_000, max: 80_000 }),
  openOrders: fc.constantFrom("adjusted", "cancelled"),
} as const);

describe("a split at the exchange", () => {
  it("leaves the account's value and the position's cost as they were", () => {
    fc.assert(
      fc.property(cases, ({ ratio, count, cents, openOrders }) => {
        const exchange = openWith(count, cents);
        const before = moneyToFloat(exchange.getAccount().equity);
        exchange.splitShares({ ...ratio, symbol: IBM, openOrders }, OPEN_MS + 1);
        const { newShares, oldShares } = ratio;
        const position = exchange.getPosition(IBM);
        const held = position === undefined ? 0 : quantityToFloat(position.quantity);
        expect(held).toBe(Math.floor((count * newShares) / oldShares));
        // The new price is a whole cent, so that each share may be half a cent off.
        const rounding = 0.006 * (held + 1);
        const after = moneyToFloat(exchange.getAccount().equity);
        expect(Math.abs(after - before)).toBeLessThan(rounding);
      }),
    );
  });

  it("adjusts the bracket with the position, or takes it away with it", () => {
    const adjusted = openWith(10, 70_000);
    adjusted.splitShares(
      { symbol: IBM, newShares: 7, oldShares: 1, openOrders: "adjusted" },
      OPEN_MS + 1,
    );
    const legs = open(adjusted).map(({ quantity, limitPrice, stopPrice }) => [
      quantityToFloat(quantity),
      limitPrice ?? stopPrice,
    ]);
    expect(legs).toEqual([
      [70, 2_000_000],
      [70, 500_000],
    ]);
    const cancelled = openWith(10, 70_000);
    cancelled.splitShares(
      { symbol: IBM, newShares: 7, oldShares: 1, openOrders: "cancelled" },
      OPEN_MS + 1,
    );
    expect(open(cancelled)).toEqual([]);
  });

  it("fills nothing at prices of before: a market order waits for the next quote", () => {
    const exchange = openWith(10, 70_000);
    exchange.splitShares(
      { symbol: IBM, newShares: 7, oldShares: 1, openOrders: "cancelled" },
      OPEN_MS + 1,
    );
    const sent = exchange.closePosition(IBM, undefined, OPEN_MS + 2);
    expect(sent.ok && sent.value.status).toBe("pending_new");
    const price = 1_000_000 as Price;
    const quote = { symbol: IBM, bid: price, ask: price, bidSize: 10_000, askSize: 10_000 };
    exchange.onQuote(quote, OPEN_MS + 3);
    expect(exchange.getPosition(IBM)).toBeUndefined();
    expect(exchange.listFills().at(-1)).toMatchObject({ quantity: shares(70), price });
  });
});
