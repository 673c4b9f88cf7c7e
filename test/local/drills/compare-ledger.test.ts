import { describe, expect, it } from "vitest";
import { compareLedger, countUnknown, ownOrders } from "../../../local/drills/compare-ledger.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";
import { openExchange } from "../../fixtures/exchange.ts";
import { cellOf, IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

const ID = intentOf().clientOrderId;

/** An exchange that holds a working bracket of ours. */
const exchangeWithOrder = () => {
  const exchange = openExchange();
  exchange.onQuote(
    {
      symbol: IBM,
      bid: price("99.99"),
      ask: price("100.20"),
      bidSize: shares(100),
      askSize: shares(100),
    },
    NOW_MS,
  );
  const placed = exchange.submitOrder(
    {
      symbol: IBM,
      side: "buy",
      type: "limit",
      timeInForce: "gtc",
      quantity: shares(2),
      limitPrice: price("100.10"),
      clientOrderId: ID,
      orderClass: "bracket",
      stopLoss: { stopPrice: price("98.00") },
      takeProfit: { limitPrice: price("104.00") },
    },
    NOW_MS,
  );
  if (!placed.ok) throw new Error("The fixture's order was refused.");
  return { exchange, order: placed.value };
};

const withClaim = (change: Partial<Claim>): ControlCell =>
  cellOf(inFlightOf(claimOf(intentOf(), { stage: "working", ...change })));

describe("comparing the ledger with the exchange's book", () => {
  const { exchange, order } = exchangeWithOrder();

  it("is content when a claim says of its order what the book says", () => {
    expect(compareLedger(withClaim({ liveLegIds: order.legIds }), exchange)).toEqual([]);
  });

  it("names an order and its bracket that no claim stands for", () => {
    expect(compareLedger(cellOf(), exchange)).toHaveLength(3);
  });

  it("names a claim whose order is not known, filled otherwise, or has other exits", () => {
    const wrong = [
      withClaim({ stage: "unknown" }),
      withClaim({ stage: "claimed" }),
      withClaim({ stage: "protecting", liveLegIds: order.legIds }),
      withClaim({ filled: shares(1), liveLegIds: order.legIds }),
      withClaim({ liveLegIds: order.legIds.slice(0, 1) }),
    ];
    for (const cell of wrong) expect(compareLedger(cell, exchange)).toHaveLength(1);
  });

  it("names a position and cash that differ", () => {
    const holdings = {
      [IBM]: {
        quantity: shares(1),
        averagePrice: price("100.00"),
        openedAtMs: NOW_MS,
        lastEntryAtMs: NOW_MS,
      },
    };
    const cell = { ...withClaim({ liveLegIds: order.legIds }), holdings };
    expect(compareLedger(cell, exchange)).toEqual(["The ledger holds 1 IBM, the exchange 0."]);
    expect(compareLedger({ ...cell, holdings: {}, accountReading: null }, exchange)).toEqual([
      "The ledger knows no USD of cash, the exchange 100000.00.",
    ]);
  });

  it("counts what was sent by its decisions, and what nobody knows the fate of", () => {
    expect(ownOrders(exchange).map(({ clientOrderId }) => clientOrderId)).toEqual([ID]);
    expect(countUnknown(withClaim({ stage: "claimed" }))).toBe(1);
    expect(countUnknown(withClaim({ stage: "protecting" }))).toBe(0);
  });
});
