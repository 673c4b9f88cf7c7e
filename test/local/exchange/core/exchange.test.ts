import { describe, expect, it } from "vitest";
import { usd } from "../../../../shared/domain/market/money.ts";
import { parseQuantity, shares } from "../../../../shared/domain/market/quantity.ts";
import {
  accepted,
  buy,
  CLOSE_MS,
  NEXT_OPEN_MS,
  price,
  quote,
  refused,
  sell,
  SPY,
  startExchange,
  TEN_O_CLOCK_MS,
} from "./market.ts";

describe("an order", () => {
  it("fills at the other side of the quote when it is a market order", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const order = accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    expect(order.status).toBe("pending_new");
    expect(exchange.getOrder(order.id)).toMatchObject({
      status: "filled",
      filledQuantity: shares(10),
      filledNotional: usd(1_000.1),
    });
    expect(exchange.getAccount().cash).toBe(usd(100_000 - 1_000.1));
    expect(exchange.getPosition(SPY)).toMatchObject({
      quantity: shares(10),
      costBasis: usd(1_000.1),
    });
  });

  it("rests when its limit is away from the market, and fills when the market comes", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const request = buy(10, { type: "limit", limitPrice: price("99.50") });
    const { id } = accepted(exchange.submitOrder(request, TEN_O_CLOCK_MS));
    expect(exchange.getOrder(id)?.status).toBe("new");
    quote(exchange, "99.40", "99.45");
    expect(exchange.getOrder(id)).toMatchObject({
      status: "filled",
      filledNotional: usd(994.5),
    });
  });

  it("fills in parts when the quote shows less than it wants", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01", { size: 4 });
    const { id } = accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    expect(exchange.getOrder(id)).toMatchObject({
      status: "partially_filled",
      filledQuantity: shares(4),
    });
    quote(exchange, "99.99", "100.02", { size: 100 });
    expect(exchange.getOrder(id)).toMatchObject({ status: "filled", filledQuantity: shares(10) });
    expect(exchange.listFills().map(({ cumulativeQuantity }) => cumulativeQuantity)).toEqual([
      shares(4),
      shares(10),
    ]);
  });

  it("becomes a market order when its stop is reached, but not on a bad tick", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    const request = sell(10, { type: "stop", stopPrice: price("99.00") });
    const { id } = accepted(exchange.submitOrder(request, TEN_O_CLOCK_MS));
    quote(exchange, "0", "100.01");
    quote(exchange, "99.10", "98.00");
    expect(exchange.getOrder(id)?.status).toBe("new");
    quote(exchange, "98.90", "98.95");
    expect(exchange.getOrder(id)).toMatchObject({ status: "filled", filledNotional: usd(989) });
  });

  it("works at its limit after its stop when it is a stop-limit order", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    const prices = { stopPrice: price("99.00"), limitPrice: price("98.95") };
    const request = sell(10, { type: "stop_limit", ...prices });
    const { id } = accepted(exchange.submitOrder(request, TEN_O_CLOCK_MS));
    quote(exchange, "98.50", "98.60");
    expect(exchange.getOrder(id)).toMatchObject({ status: "new", isTriggered: true });
    quote(exchange, "98.96", "99.00");
    expect(exchange.getOrder(id)?.status).toBe("filled");
  });

  it("cancels what it cannot fill at once when it is ioc, and all of it when it is fok", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01", { size: 4 });
    const fok = accepted(exchange.submitOrder(buy(10, { timeInForce: "fok" }), TEN_O_CLOCK_MS));
    const ioc = accepted(exchange.submitOrder(buy(10, { timeInForce: "ioc" }), TEN_O_CLOCK_MS));
    expect(exchange.getOrder(fok.id)).toMatchObject({ status: "canceled", filledQuantity: 0 });
    expect(exchange.getOrder(ioc.id)).toMatchObject({
      status: "canceled",
      filledQuantity: shares(4),
    });
  });

  it("placed by value buys what the value covers", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.00");
    const request = buy(0, { quantity: undefined, notional: usd(250) });
    const { id } = accepted(exchange.submitOrder(request, TEN_O_CLOCK_MS));
    expect(exchange.getOrder(id)?.filledQuantity).toBe(parseQuantity("2.5"));
  });
});

describe("time", () => {
  it("expires a day order at the close, and keeps one that is good till cancelled", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("90.00") } as const;
    const day = accepted(exchange.submitOrder(buy(1, limit), TEN_O_CLOCK_MS));
    const gtc = accepted(
      exchange.submitOrder(buy(1, { ...limit, timeInForce: "gtc" }), TEN_O_CLOCK_MS),
    );
    exchange.advance(CLOSE_MS);
    expect(exchange.getOrder(day.id)).toMatchObject({ status: "expired", expiredAtMs: CLOSE_MS });
    expect(exchange.getOrder(gtc.id)?.status).toBe("new");
    quote(exchange, "88.00", "88.01", { nowMs: CLOSE_MS + 1 });
    expect(exchange.getOrder(gtc.id)?.status).toBe("new");
    quote(exchange, "88.00", "88.01", { nowMs: NEXT_OPEN_MS });
    expect(exchange.getOrder(gtc.id)?.status).toBe("filled");
  });

  it("lets a day order that is sent after the close wait for the next session", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const order = accepted(exchange.submitOrder(buy(10), CLOSE_MS + 60_000));
    expect(order.status).toBe("accepted");
    quote(exchange, "99.99", "100.01", { nowMs: CLOSE_MS + 120_000 });
    expect(exchange.getOrder(order.id)?.status).toBe("accepted");
    exchange.advance(NEXT_OPEN_MS);
    expect(exchange.getOrder(order.id)?.status).toBe("new");
    quote(exchange, "101.00", "101.01", { nowMs: NEXT_OPEN_MS + 1 });
    expect(exchange.getOrder(order.id)?.filledNotional).toBe(usd(1_010.1));
  });

  it("fills an extended-hours limit order before the open", () => {
    const exchange = startExchange();
    const eightMs = NEXT_OPEN_MS - 90 * 60_000;
    quote(exchange, "99.99", "100.01", { nowMs: eightMs });
    const limit = { type: "limit", limitPrice: price("101.00") } as const;
    const { id } = accepted(
      exchange.submitOrder(buy(1, { ...limit, extendedHours: true }), eightMs),
    );
    const usual = accepted(exchange.submitOrder(buy(1, limit), eightMs));
    expect(exchange.getOrder(id)?.status).toBe("filled");
    expect(exchange.getOrder(usual.id)?.status).toBe("accepted");
  });

  it("fills an order for the closing auction at the close", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const { id } = accepted(exchange.submitOrder(buy(1, { timeInForce: "cls" }), TEN_O_CLOCK_MS));
    quote(exchange, "99.99", "100.01", { nowMs: CLOSE_MS - 1 });
    expect(exchange.getOrder(id)?.status).toBe("new");
    exchange.advance(CLOSE_MS);
    expect(exchange.getOrder(id)?.status).toBe("filled");
  });

  it("fills an order for the opening auction at the open, and takes it only when it is near", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const request = buy(1, { timeInForce: "opg" });
    expect(refused(exchange.submitOrder(request, TEN_O_CLOCK_MS)).type).toBe("Unprocessable");
    const { id } = accepted(exchange.submitOrder(request, CLOSE_MS + 4 * 3_600_000));
    quote(exchange, "99.99", "100.01", { nowMs: NEXT_OPEN_MS - 1 });
    expect(exchange.getOrder(id)?.status).toBe("accepted");
    quote(exchange, "99.99", "100.01", { nowMs: NEXT_OPEN_MS });
    expect(exchange.getOrder(id)?.status).toBe("filled");
  });

  it("keeps the equity of the last close", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(100), TEN_O_CLOCK_MS));
    quote(exchange, "109.99", "110.01");
    exchange.advance(CLOSE_MS);
    quote(exchange, "119.99", "120.01");
    expect(exchange.getAccount().lastEquity).toBe(usd(100_999));
    expect(exchange.getAccount().equity).toBe(usd(101_999));
  });
});

describe("a refusal", () => {
  it("comes to an exit that would open the other side", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    const exit = sell(10, { positionIntent: "sell_to_close" });
    accepted(exchange.submitOrder(exit, TEN_O_CLOCK_MS));
    expect(exchange.getPosition(SPY)).toBeUndefined();
    expect(refused(exchange.submitOrder(exit, TEN_O_CLOCK_MS))).toEqual({
      type: "Unprocessable",
      sentence: "position intent mismatch, inferred: sell_to_open, specified: sell_to_close",
    });
  });

  it("comes for a client order id that was ever used, even by a cancelled order", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("90.00"), clientOrderId: "once" } as const;
    const { id } = accepted(exchange.submitOrder(buy(1, limit), TEN_O_CLOCK_MS));
    accepted(exchange.cancelOrder(id, TEN_O_CLOCK_MS));
    expect(exchange.getOrder(id)?.status).toBe("canceled");
    expect(refused(exchange.submitOrder(buy(1, limit), TEN_O_CLOCK_MS))).toEqual({
      type: "DuplicateClientOrderId",
      clientOrderId: "once",
    });
  });

  it("comes when working orders have reserved the buying power", () => {
    const exchange = startExchange({ multiplier: 1 });
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("90.00") } as const;
    accepted(exchange.submitOrder(buy(1_000, limit), TEN_O_CLOCK_MS));
    expect(exchange.getAccount().buyingPower).toBe(usd(10_000));
    expect(refused(exchange.submitOrder(buy(112, limit), TEN_O_CLOCK_MS))).toEqual({
      type: "InsufficientBuyingPower",
      buyingPower: usd(10_000),
      costBasis: usd(10_080),
    });
  });

  it("comes when working sells hold the shares", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    const limit = { type: "limit", limitPrice: price("110.00") } as const;
    const { id } = accepted(exchange.submitOrder(sell(7, limit), TEN_O_CLOCK_MS));
    expect(exchange.getPosition(SPY)?.availableQuantity).toBe(shares(3));
    expect(refused(exchange.submitOrder(sell(4, limit), TEN_O_CLOCK_MS))).toEqual({
      type: "InsufficientQuantity",
      symbol: "SPY",
      requested: shares(4),
      available: shares(3),
      existing: shares(10),
      heldForOrders: shares(7),
      relatedOrders: [id],
    });
  });

  it("comes for an order that could trade with the account's own stop", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    const stop = sell(10, { type: "stop", stopPrice: price("95.00") });
    const { id } = accepted(exchange.submitOrder(stop, TEN_O_CLOCK_MS));
    expect(refused(exchange.submitOrder(buy(1), TEN_O_CLOCK_MS))).toMatchObject({
      type: "WashTrade",
      existingOrderId: id,
    });
  });

  it("comes for short sales where they are not allowed, and not where they are", () => {
    const closed = startExchange({ shortingEnabled: false });
    quote(closed, "99.99", "100.01");
    expect(refused(closed.submitOrder(sell(1), TEN_O_CLOCK_MS)).type).toBe("ShortingNotAllowed");
    const open = startExchange();
    quote(open, "99.99", "100.01");
    accepted(open.submitOrder(sell(10), TEN_O_CLOCK_MS));
    expect(open.getPosition(SPY)?.quantity).toBe(shares(-10));
    accepted(open.closePosition(SPY, undefined, TEN_O_CLOCK_MS));
    expect(open.getPosition(SPY)).toBeUndefined();
  });

  it("comes for every new order while the user has suspended trading", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    exchange.switchAccount({ suspendTrade: true }, TEN_O_CLOCK_MS);
    expect(refused(exchange.submitOrder(buy(1), TEN_O_CLOCK_MS)).type).toBe("TradingSuspended");
  });

  it.each([
    ["no quantity", buy(1, { quantity: undefined }), "InvalidRequest"],
    ["a quantity of zero", buy(0), "InvalidRequest"],
    ["a limit order without a limit", buy(1, { type: "limit" }), "InvalidRequest"],
    ["a stop order without a stop", buy(1, { type: "stop" }), "InvalidRequest"],
    ["a market order with a limit", buy(1, { limitPrice: price("1.00") }), "InvalidRequest"],
    ["a client id of 129 characters", buy(1, { clientOrderId: "x".repeat(129) }), "InvalidRequest"],
    ["part of a cent", buy(1, { type: "limit", limitPrice: price("90.001") }), "Unprocessable"],
    ["extended hours at market", buy(1, { extendedHours: true }), "Unprocessable"],
    ["a bracket without exits", buy(1, { orderClass: "bracket" }), "Unprocessable"],
    [
      "a fraction that is good till cancelled",
      buy(1, { quantity: parseQuantity("0.5"), timeInForce: "gtc" }),
      "Unprocessable",
    ],
    [
      "a stop above its entry",
      buy(1, {
        orderClass: "bracket",
        takeProfit: { limitPrice: price("110.00") },
        stopLoss: { stopPrice: price("101.00") },
      }),
      "Unprocessable",
    ],
  ])("comes for %s", (_name, request, type) => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    expect(refused(exchange.submitOrder(request, TEN_O_CLOCK_MS)).type).toBe(type);
  });

  it("comes for a symbol that the exchange does not list", () => {
    const exchange = startExchange({ isKnownSymbol: (symbol) => symbol !== SPY });
    expect(refused(exchange.submitOrder(buy(1), TEN_O_CLOCK_MS)).type).toBe("AssetNotFound");
  });
});

describe("a cancellation", () => {
  it("stays pending for a while, in which the order may still fill", () => {
    const exchange = startExchange({ cancelLatencyMs: 100 });
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("99.00") } as const;
    const filled = accepted(exchange.submitOrder(buy(1, limit), TEN_O_CLOCK_MS));
    accepted(exchange.cancelOrder(filled.id, TEN_O_CLOCK_MS));
    expect(exchange.getOrder(filled.id)?.status).toBe("pending_cancel");
    quote(exchange, "98.00", "98.01", { nowMs: TEN_O_CLOCK_MS + 50 });
    expect(exchange.getOrder(filled.id)?.status).toBe("filled");
    const deep = buy(1, { type: "limit", limitPrice: price("90.00") });
    const gone = accepted(exchange.submitOrder(deep, TEN_O_CLOCK_MS + 60));
    accepted(exchange.cancelOrder(gone.id, TEN_O_CLOCK_MS + 60));
    exchange.advance(TEN_O_CLOCK_MS + 160);
    expect(exchange.getOrder(gone.id)?.status).toBe("canceled");
    expect(refused(exchange.cancelOrder(gone.id, TEN_O_CLOCK_MS + 170)).type).toBe("NotCancelable");
  });

  it("can be followed by a late fill", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("99.00") } as const;
    const { id } = accepted(exchange.submitOrder(buy(5, limit), TEN_O_CLOCK_MS));
    accepted(exchange.cancelOrder(id, TEN_O_CLOCK_MS));
    accepted(exchange.fillAfterCancel(id, TEN_O_CLOCK_MS + 1));
    expect(exchange.getOrder(id)).toMatchObject({ status: "filled", filledNotional: usd(495) });
    expect(exchange.getPosition(SPY)?.quantity).toBe(shares(5));
  });
});

describe("a replacement", () => {
  it("is a new order that names the old one, and the old one names it", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("99.00"), clientOrderId: "old" } as const;
    const old = accepted(exchange.submitOrder(buy(5, limit), TEN_O_CLOCK_MS));
    const change = { limitPrice: price("99.50"), clientOrderId: "new" };
    const next = accepted(exchange.replaceOrder(old.id, change, TEN_O_CLOCK_MS + 1));
    expect(next).toMatchObject({ replaces: old.id, limitPrice: price("99.50") });
    expect(exchange.getOrder(old.id)).toMatchObject({ status: "replaced", replacedBy: next.id });
    expect(exchange.getOrderByClientOrderId("old")?.id).toBe(old.id);
    expect(exchange.getOrder(next.id)?.status).toBe("new");
  });

  it("leaves the order alone when the account cannot carry it, and refuses what waits", () => {
    const exchange = startExchange({ multiplier: 1 });
    quote(exchange, "99.99", "100.01");
    const limit = { type: "limit", limitPrice: price("90.00") } as const;
    const { id } = accepted(exchange.submitOrder(buy(1_000, limit), TEN_O_CLOCK_MS));
    const tooMuch = { quantity: shares(2_000) };
    expect(refused(exchange.replaceOrder(id, tooMuch, TEN_O_CLOCK_MS)).type).toBe(
      "InsufficientBuyingPower",
    );
    expect(exchange.getOrder(id)?.status).toBe("new");
    const waiting = accepted(exchange.submitOrder(buy(1, limit), CLOSE_MS + 1));
    const change = { limitPrice: price("91.00") };
    expect(refused(exchange.replaceOrder(waiting.id, change, CLOSE_MS + 2)).type).toBe(
      "NotReplaceable",
    );
  });
});

describe("a bracket", () => {
  const bracket = buy(10, {
    orderClass: "bracket",
    takeProfit: { limitPrice: price("110.00") },
    stopLoss: { stopPrice: price("95.00") },
  });

  it("holds its exits until the whole entry has filled", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01", { size: 4 });
    const { legIds } = accepted(exchange.submitOrder(bracket, TEN_O_CLOCK_MS));
    const statuses = () => legIds.map((id) => exchange.getOrder(id)?.status);
    expect(statuses()).toEqual(["held", "held"]);
    quote(exchange, "99.99", "100.01");
    expect(statuses()).toEqual(["new", "new"]);
    expect(exchange.getPosition(SPY)?.availableQuantity).toBe(0);
  });

  it("cancels the stop when the profit is taken, and shrinks it when part of it is", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const { legIds } = accepted(exchange.submitOrder(bracket, TEN_O_CLOCK_MS));
    const [profitId = "", stopId = ""] = legIds;
    quote(exchange, "110.00", "110.01", { size: 4 });
    expect(exchange.getOrder(stopId)).toMatchObject({ status: "new", quantity: shares(6) });
    quote(exchange, "110.00", "110.01");
    expect(exchange.getOrder(profitId)?.status).toBe("filled");
    expect(exchange.getOrder(stopId)?.status).toBe("canceled");
    expect(exchange.getPosition(SPY)).toBeUndefined();
  });

  it("goes as a whole when its entry is cancelled", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const request = { ...bracket, type: "limit", limitPrice: price("98.00") } as const;
    const { id, legIds } = accepted(exchange.submitOrder(request, TEN_O_CLOCK_MS));
    accepted(exchange.cancelOrder(id, TEN_O_CLOCK_MS));
    expect(legIds.map((legId) => exchange.getOrder(legId)?.status)).toEqual([
      "canceled",
      "canceled",
    ]);
  });

  it("keeps its pair when one exit is replaced", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const { legIds } = accepted(exchange.submitOrder(bracket, TEN_O_CLOCK_MS));
    const [profitId = "", stopId = ""] = legIds;
    const change = { stopPrice: price("98.00") };
    const stop = accepted(exchange.replaceOrder(stopId, change, TEN_O_CLOCK_MS));
    quote(exchange, "97.99", "98.01");
    expect(exchange.getOrder(stop.id)?.status).toBe("filled");
    expect(exchange.getOrder(profitId)?.status).toBe("canceled");
  });

  it("is closed with its position when orders are cancelled first", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    accepted(exchange.submitOrder(bracket, TEN_O_CLOCK_MS));
    const kept = exchange.closeAllPositions({ cancelOrders: false }, TEN_O_CLOCK_MS);
    expect(kept.map(({ result }) => result.ok)).toEqual([false]);
    exchange.closeAllPositions({ cancelOrders: true }, TEN_O_CLOCK_MS);
    expect(exchange.listPositions()).toEqual([]);
    expect(exchange.listOrders({ status: "open", limit: 50, direction: "desc" })).toEqual([]);
  });
});

describe("an OCO order", () => {
  it("sells the position once, by its limit or by its stop", () => {
    const exchange = startExchange();
    quote(exchange, "99.99", "100.01");
    const pair = sell(10, {
      orderClass: "oco",
      type: "limit",
      limitPrice: price("110.00"),
      stopLoss: { stopPrice: price("95.00") },
    });
    expect(refused(exchange.submitOrder(pair, TEN_O_CLOCK_MS)).type).toBe("InsufficientQuantity");
    accepted(exchange.submitOrder(buy(10), TEN_O_CLOCK_MS));
    const { id, legIds } = accepted(exchange.submitOrder(pair, TEN_O_CLOCK_MS));
    quote(exchange, "94.00", "94.01");
    expect(exchange.getOrder(legIds[0] ?? "")?.status).toBe("filled");
    expect(exchange.getOrder(id)?.status).toBe("canceled");
    expect(exchange.getPosition(SPY)).toBeUndefined();
  });
});
