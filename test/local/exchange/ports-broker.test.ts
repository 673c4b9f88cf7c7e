import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { createExchangeBroker } from "../../../local/exchange/ports-broker.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

const { symbol } = intentOf();
const asked = [0, 1, 2].map((minute) => {
  const { clientOrderId } = intentOf({ minute });
  return { clientOrderId, sinceMs: NOW_MS };
});

const openExchange = () => {
  const exchange = createExchange({
    name: "test",
    startsAtMs: NOW_MS,
    startingCash: usd(100_000),
  });
  exchange.onQuote(
    { symbol, bid: price("100.00"), ask: price("100.02"), bidSize: 50, askSize: 50 },
    NOW_MS,
  );
  return exchange;
};

const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };

/** What happens to the exchange before the broker is asked again; `ask` alone is nothing. */
const aStep = fc.record({
  type: fc.constantFrom("ask", "submit", "fill", "cancel"),
  order: fc.nat(2),
  of: fc.subarray(asked),
});

describe("the broker of an exchange in the same process", () => {
  it("asked for orders again and again, tells what one tells that is asked once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { maxLength: 20 }), async (steps) => {
        const exchange = openExchange();
        const broker = createExchangeBroker(exchange, clock);
        for (const { type, order, of } of steps) {
          const clientOrderId = asked[order]?.clientOrderId ?? "";
          const id = exchange.getOrderByClientOrderId(clientOrderId)?.id ?? "none";
          const limitPrice = price(type === "fill" ? "101.00" : "99.00");
          if (type === "cancel") exchange.cancelOrder(id, NOW_MS);
          else if (type !== "ask") {
            exchange.submitOrder(
              {
                symbol,
                side: "buy",
                type: "limit",
                timeInForce: "gtc",
                quantity: shares(2),
                limitPrice,
                clientOrderId,
                orderClass: "bracket",
                stopLoss: { stopPrice: price("95.00") },
                takeProfit: { limitPrice: price("110.00") },
              },
              NOW_MS,
            );
          }
          const fresh = createExchangeBroker(exchange, clock);
          expect(await broker.findOrders(of)).toEqual(await fresh.findOrders(of));
        }
      }),
    );
  });

  it("gives the very same answer while no order changes, and another one afterwards", async () => {
    const exchange = openExchange();
    const broker = createExchangeBroker(exchange, clock);
    const { clientOrderId } = intentOf();
    const order = { symbol, side: "buy", timeInForce: "day", quantity: shares(2) } as const;
    const limit = { type: "limit", limitPrice: price("90.00"), clientOrderId } as const;
    const sent = exchange.submitOrder({ ...order, ...limit }, NOW_MS);
    const ask = async () => {
      const found = await broker.findOrders(asked.slice(0, 1));
      return found.ok ? found.value : undefined;
    };
    const first = await ask();
    expect(await ask()).toBe(first);
    exchange.cancelOrder(sent.ok ? sent.value.id : "none", NOW_MS);
    expect((await ask())?.get(clientOrderId)?.status).toBe("cancelled");
    expect(first?.get(clientOrderId)?.status).toBe("working");
  });
});
