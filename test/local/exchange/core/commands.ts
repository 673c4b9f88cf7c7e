import * as fc from "fast-check";
import type { Exchange } from "../../../../local/exchange/core/exchange.ts";
import type { OrderRequest, ReplaceRequest } from "../../../../local/exchange/core/order.ts";
import type { Price } from "../../../../shared/domain/market/price.ts";
import { shares } from "../../../../shared/domain/market/quantity.ts";
import { IBM, SPY } from "./market.ts";

/**
 * Something that happens to an exchange; orders are named by their number in the order of listing.
 */
export type Command =
  | { readonly type: "submit"; readonly request: OrderRequest }
  | { readonly type: "cancel"; readonly index: number }
  | { readonly type: "replace"; readonly index: number; readonly change: ReplaceRequest }
  | {
      readonly type: "quote";
      readonly symbol: typeof SPY;
      readonly mid: number;
      readonly size: number;
    }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "close"; readonly cancelOrders: boolean };

const cents = (mid: number, away: number): Price => ((mid + away) * 100) as Price;

const symbol = fc.constantFrom(SPY, SPY, SPY, IBM);
const price = fc.integer({ min: 9_000, max: 11_000 }).map((value) => cents(value, 0));
const count = fc.integer({ min: 1, max: 400 }).map(shares);
const timeInForce = fc.constantFrom("day", "day", "gtc", "ioc", "fok");

/** Plain limit orders, whose cost is known when they are accepted. */
export const limitRequest: fc.Arbitrary<OrderRequest> = fc.record({
  symbol,
  side: fc.constantFrom("buy", "sell"),
  type: fc.constant("limit"),
  timeInForce,
  quantity: count,
  limitPrice: price,
  clientOrderId: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined, freq: 2 }),
});

const marketRequest: fc.Arbitrary<OrderRequest> = limitRequest.map(
  ({ limitPrice: _limitPrice, ...request }) => ({ ...request, type: "market" }),
);

const stopRequest: fc.Arbitrary<OrderRequest> = limitRequest.map(({ limitPrice, ...request }) => ({
  ...request,
  type: "stop",
  timeInForce: "day",
  stopPrice: limitPrice,
}));

const bracketRequest: fc.Arbitrary<OrderRequest> = marketRequest.map((request) => ({
  ...request,
  timeInForce: "day",
  side: "buy",
  orderClass: "bracket",
  takeProfit: { limitPrice: cents(10_600, 0) },
  stopLoss: { stopPrice: cents(9_400, 0) },
}));

const pairRequest: fc.Arbitrary<OrderRequest> = limitRequest.map((request) => ({
  ...request,
  timeInForce: "day",
  side: "sell",
  orderClass: "oco",
  limitPrice: cents(10_700, 0),
  stopLoss: { stopPrice: cents(9_300, 0) },
}));

/** Every kind of order. */
export const anyRequest: fc.Arbitrary<OrderRequest> = fc.oneof(
  limitRequest,
  marketRequest,
  stopRequest,
  bracketRequest,
  pairRequest,
);

// The extremes come often: that is where the exits of a bracket and of a pair stand.
const quoteCommand = fc
  .tuple(
    symbol,
    fc.oneof(fc.integer({ min: 9_000, max: 11_000 }), fc.constantFrom(9_200, 10_000, 10_800)),
    fc.integer({ min: 0, max: 300 }),
  )
  .map(([each, mid, size]): Command => ({ type: "quote", symbol: each, mid, size }));

const replaceCommand = fc
  .tuple(fc.nat(20), price, fc.option(count, { nil: undefined }))
  .map(([index, limitPrice, quantity]): Command => ({
    type: "replace",
    index,
    change: { limitPrice, quantity },
  }));

/** Sequences of commands over orders of one kind. */
export const commandsOver = (
  request: fc.Arbitrary<OrderRequest>,
): fc.Arbitrary<readonly Command[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: request.map((each): Command => ({ type: "submit", request: each })) },
      { weight: 10, arbitrary: quoteCommand },
      { weight: 1, arbitrary: fc.nat(20).map((index): Command => ({ type: "cancel", index })) },
      { weight: 2, arbitrary: replaceCommand },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(10, 1_000, 1_000, 3_600_000, 86_400_000)
          .map((ms): Command => ({ type: "wait", ms })),
      },
      {
        weight: 1,
        arbitrary: fc.boolean().map((cancelOrders): Command => ({ type: "close", cancelOrders })),
      },
    ),
    { minLength: 10, maxLength: 80, size: "max" },
  );

/** Does one command at the exchange's own time. */
export const runCommand = (exchange: Exchange, command: Command): void => {
  const nowMs = exchange.nowMs();
  const orderAt = (index: number) =>
    exchange.listOrders({ status: "all", limit: 500, direction: "asc" })[index]?.id ?? "none";
  switch (command.type) {
    case "submit":
      exchange.submitOrder(command.request, nowMs);
      break;
    case "cancel":
      exchange.cancelOrder(orderAt(command.index), nowMs);
      break;
    case "replace":
      exchange.replaceOrder(orderAt(command.index), command.change, nowMs);
      break;
    case "quote": {
      const { mid, size } = command;
      const sides = { bid: cents(mid, -1), ask: cents(mid, 1), bidSize: size, askSize: size };
      exchange.onQuote({ symbol: command.symbol, ...sides }, nowMs);
      break;
    }
    case "wait":
      exchange.advance(nowMs + command.ms);
      break;
    case "close":
      exchange.closeAllPositions({ cancelOrders: command.cancelOrders }, nowMs);
      break;
  }
};

/** Quotes for every symbol, so that orders have a market from the start. */
export const openingQuotes: readonly Command[] = [
  { type: "quote", symbol: SPY, mid: 10_000, size: 100 },
  { type: "quote", symbol: IBM, mid: 10_000, size: 100 },
];
