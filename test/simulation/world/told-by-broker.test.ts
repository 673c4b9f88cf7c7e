import { describe, expect, it } from "vitest";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { createExchangeBroker } from "../../../local/exchange/ports-broker.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { FaultKind } from "../../../simulation/faults/fault-kind.ts";
import { toldBy } from "../../../simulation/world/told-by-broker.ts";
import { intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

const brokerThatStrikes = (struck?: FaultKind) => {
  const exchange = createExchange({
    name: "test",
    startsAtMs: NOW_MS,
    startingCash: usd(100_000),
  });
  const { symbol } = intentOf();
  const quote = { symbol, bid: price("100.00"), ask: price("100.02"), bidSize: 50, askSize: 50 };
  exchange.onQuote(quote, NOW_MS);
  const order = { symbol, side: "buy", timeInForce: "day", quantity: shares(2) } as const;
  exchange.submitOrder({ ...order, type: "market" }, NOW_MS);
  exchange.submitOrder({ ...order, type: "limit", limitPrice: price("90.00") }, NOW_MS);
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };
  return toldBy(createExchangeBroker(exchange, clock), (kind) => kind === struck);
};

const asked = async (struck?: FaultKind) => {
  const broker = brokerThatStrikes(struck);
  const [executions, open, clock] = [
    await broker.listExecutions(0),
    await broker.listOpenOrders(),
    await broker.readClock(),
  ];
  if (!executions.ok || !open.ok || !clock.ok) throw new Error("The broker answers.");
  return {
    executions: executions.value.map(({ executionId }) => executionId),
    open: open.value.map(({ brokerOrderId }) => brokerOrderId),
    isOpen: clock.value.isOpen,
  };
};

describe("what the simulated broker tells", () => {
  it("is what the exchange has where nothing strikes", async () => {
    const { executions, open, isOpen } = await asked();
    expect([executions.length, open.length, isOpen]).toEqual([1, 1, true]);
  });

  it("comes twice with a repeated report", async () => {
    const plain = await asked();
    const { executions, open } = await asked("duplicate-report");
    expect(executions).toEqual([...plain.executions, ...plain.executions]);
    expect(open).toEqual([...plain.open, ...plain.open]);
  });

  it("is that the market is closed where its clock stands", async () => {
    expect((await asked("broker-clock-halted")).isOpen).toBe(false);
  });
});
