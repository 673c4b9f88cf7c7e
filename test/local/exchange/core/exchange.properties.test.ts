import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Exchange } from "../../../../local/exchange/core/exchange.ts";
import type { ExchangeChange, ExchangeJournal } from "../../../../local/exchange/core/journal.ts";
import type { Order } from "../../../../local/exchange/core/order.ts";
import { notional, usd } from "../../../../shared/domain/market/money.ts";
import { anyRequest, commandsOver, limitRequest, openingQuotes, runCommand } from "./commands.ts";
import { startExchange } from "./market.ts";

const allOrders = (exchange: Exchange): readonly Order[] =>
  exchange.listOrders({ status: "all", limit: 10_000, direction: "asc" });

/** Everything that a client can see, but for the marks that only quotes bring. */
const visible = (exchange: Exchange) => ({
  orders: allOrders(exchange),
  fills: exchange.listFills(),
  positions: exchange
    .listPositions()
    .map(({ symbol, quantity, costBasis, availableQuantity }) => ({
      symbol,
      quantity,
      costBasis,
      availableQuantity,
    }))
    .toSorted((left, right) => (left.symbol < right.symbol ? -1 : 1)),
  cash: exchange.getAccount().cash,
});

const merge = (changes: readonly ExchangeChange[]): ExchangeChange | undefined => {
  const last = changes.at(-1);
  if (last === undefined) return undefined;
  const orders = new Map(changes.flatMap((each) => each.orders).map((each) => [each.id, each]));
  const positions = new Map(
    changes.flatMap((each) => each.positions).map((each) => [each.symbol, each]),
  );
  return {
    account: last.account,
    orders: [...orders.values()].toSorted((left, right) => left.sequence - right.sequence),
    positions: [...positions.values()].filter(({ quantity }) => quantity !== 0),
    fills: changes.flatMap((each) => each.fills),
  };
};

const memoryJournal = (kept: ExchangeChange[]): ExchangeJournal => ({
  load: () => merge(kept),
  commit: (change) => {
    // A copy, as storage makes one.
    kept.push(structuredClone(change));
  },
});

describe("whatever happens to an exchange", () => {
  it("keeps cash, positions and filled quantities equal to the sum of its executions", () => {
    fc.assert(
      fc.property(commandsOver(anyRequest), fc.constantFrom(0, 500), (commands, latencyMs) => {
        const exchange = startExchange({ cancelLatencyMs: latencyMs });
        for (const command of [...openingQuotes, ...commands]) runCommand(exchange, command);
        let cash: number = usd(100_000);
        const held = new Map<string, number>();
        const filled = new Map<string, number>();
        for (const fill of exchange.listFills()) {
          const sign = fill.side === "buy" ? 1 : -1;
          cash -= sign * notional(fill.price, fill.quantity);
          held.set(fill.symbol, (held.get(fill.symbol) ?? 0) + sign * fill.quantity);
          filled.set(fill.orderId, (filled.get(fill.orderId) ?? 0) + fill.quantity);
          expect(fill.cumulativeQuantity).toBe(filled.get(fill.orderId));
        }
        expect(exchange.getAccount().cash).toBe(cash);
        for (const position of exchange.listPositions()) {
          const { symbol, quantity } = position;
          expect(position).toEqual(exchange.getPosition(symbol));
          expect(quantity).toBe(held.get(symbol));
          held.delete(symbol);
        }
        expect([...held.values()].every((quantity) => quantity === 0)).toBe(true);
        for (const order of allOrders(exchange)) {
          expect(order.filledQuantity).toBe(filled.get(order.id) ?? 0);
          expect(order.filledQuantity).toBeLessThanOrEqual(order.quantity);
          if (order.status === "filled") expect(order.filledQuantity).toBe(order.quantity);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("never lets a filled quantity shrink, nor a finished order change", () => {
    fc.assert(
      fc.property(commandsOver(anyRequest), (commands) => {
        const exchange = startExchange({ cancelLatencyMs: 500 });
        const seen = new Map<string, Order>();
        for (const command of [...openingQuotes, ...commands]) {
          runCommand(exchange, command);
          for (const order of allOrders(exchange)) {
            const before = seen.get(order.id);
            if (before !== undefined) {
              expect(order.filledQuantity).toBeGreaterThanOrEqual(before.filledQuantity);
              const isFinal = ["filled", "canceled", "expired", "replaced"].includes(before.status);
              if (isFinal) expect(order.status).toBe(before.status);
            }
            seen.set(order.id, order);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never gives one client order id to two orders", () => {
    fc.assert(
      fc.property(commandsOver(anyRequest), (commands) => {
        const exchange = startExchange();
        for (const command of [...openingQuotes, ...commands]) runCommand(exchange, command);
        const ids = allOrders(exchange).map(({ clientOrderId }) => clientOrderId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 100 },
    );
  });

  it("never lets limit orders spend more than the cash of an account without margin", () => {
    fc.assert(
      fc.property(commandsOver(limitRequest), (commands) => {
        const exchange = startExchange({ multiplier: 1, shortingEnabled: false });
        for (const command of [...openingQuotes, ...commands]) {
          runCommand(exchange, command);
          expect(exchange.getAccount().cash).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("never sells more than is held through the exits of a group", () => {
    fc.assert(
      fc.property(commandsOver(anyRequest), (commands) => {
        const exchange = startExchange({ shortingEnabled: false, cancelLatencyMs: 500 });
        for (const command of [...openingQuotes, ...commands]) {
          runCommand(exchange, command);
          for (const { quantity } of exchange.listPositions()) {
            expect(quantity).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is the same after its journal was cut at any point and loaded again", () => {
    fc.assert(
      fc.property(commandsOver(anyRequest), fc.nat(), (commands, draw) => {
        const kept: ExchangeChange[] = [];
        const exchange = startExchange({ journal: memoryJournal(kept), cancelLatencyMs: 500 });
        const states: (readonly [number, ReturnType<typeof visible>])[] = [
          [0, structuredClone(visible(exchange))],
        ];
        for (const command of [...openingQuotes, ...commands]) {
          runCommand(exchange, command);
          states.push([kept.length, structuredClone(visible(exchange))]);
        }
        const [length, state] = states[draw % states.length]!;
        const restored = startExchange({
          journal: memoryJournal(kept.slice(0, length)),
          cancelLatencyMs: 500,
        });
        expect(visible(restored)).toEqual(state);
      }),
      { numRuns: 150 },
    );
  });
});
