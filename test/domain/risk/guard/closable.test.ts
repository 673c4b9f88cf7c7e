import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../../shared/domain/market/calendar.ts";
import { absoluteQuantity, shares } from "../../../../shared/domain/market/quantity.ts";
import type { BrokerOrder } from "../../../../shared/domain/orders/broker-state.ts";
import type { OrderIntent, Side } from "../../../../shared/domain/orders/order-intent.ts";
import type { ControlCell } from "../../../../shared/domain/risk/control-cell.ts";
import { guardOrder } from "../../../../shared/domain/risk/guard.ts";
import type { AtBroker } from "../../../../shared/domain/risk/guard/guard-input.ts";
import { cellOf, DATE, holding, IBM, intentOf, must, NOW_MS } from "../../../fixtures/orders.ts";
import { price, quoteOf, REGION } from "../../../fixtures/orders.ts";

/** Books that hold so many shares, restored as of a minute ago. */
const restored = (held: number): ControlCell => ({
  ...cellOf(held === 0 ? {} : holding(held)),
  reconciliation: { state: "unverified", cleanAtMs: NOW_MS, restoredAsOfMs: NOW_MS - 60_000 },
});

const decide = (cell: ControlCell, intent: OrderIntent, atBroker: AtBroker | undefined) =>
  guardOrder({
    intent,
    cell,
    quote: quoteOf(),
    session: must(sessionOf(DATE)),
    region: REGION,
    nowMs: NOW_MS,
    atBroker,
  });

const orderOf = (side: Side, count: number, filled: number, index: number): BrokerOrder => ({
  brokerOrderId: `b${index}`,
  clientOrderId: `somebody-${index}`,
  symbol: IBM,
  side,
  quantity: shares(count),
  pricing: "market",
  limitPrice: null,
  status: "working",
  statusText: "new",
  filled: shares(Math.min(filled, count)),
  averagePrice: null,
  submittedAtMs: NOW_MS,
  legs: [],
});

const seen = (held: number, openOrders: readonly BrokerOrder[] = []): AtBroker => ({
  openOrders,
  positions:
    held === 0
      ? []
      : [
          {
            symbol: IBM,
            quantity: shares(held),
            averagePrice: price("100.00"),
            available: absoluteQuantity(shares(held)),
            currentPrice: null,
          },
        ],
});

const exitOf = (side: Side, count: number) => intentOf({ side, purpose: "exit", count });
const side = fc.constantFrom<Side>("buy", "sell");
const signed = fc.integer({ min: -20, max: 20 });
const working = fc.array(
  fc.record({ side, count: fc.integer({ min: 1, max: 9 }), filled: fc.nat(9) }),
  { maxLength: 4 },
);

describe("an exit behind a restore", () => {
  it("never closes more than the broker holds and nothing else there closes, whatever the books say", () => {
    fc.assert(
      fc.property(signed, signed, working, side, fc.integer({ min: 1, max: 30 }), (...given) => {
        const [books, held, orders, way, count] = given;
        const open = orders.map((order, index) =>
          orderOf(order.side, order.count, order.filled, index),
        );
        const decision = decide(restored(books), exitOf(way, count), seen(held, open));
        const closing = open
          .filter((order) => order.side === way)
          .reduce((sum, order) => sum + order.quantity - order.filled, 0);
        const free = absoluteQuantity(shares(held)) - closing;
        const isReducing = way === "sell" ? held > 0 : held < 0;
        const hasEntry = open.some((order) => order.side !== way);
        expect(decision.ok).toBe(isReducing && free > 0 && !hasEntry);
        if (!decision.ok) return;
        expect(decision.value.order.quantity).toBe(Math.min(shares(count), free));
      }),
    );
  });

  it("is not sent while the broker's position was not read", () => {
    const decision = decide(restored(5), exitOf("sell", 5), undefined);
    expect(decision).toMatchObject({ ok: false, error: [{ reason: "notReconciled" }] });
  });

  it("rests on the books alone where they are whole", () => {
    const cell = cellOf(holding(5));
    const decision = decide(cell, exitOf("sell", 9), seen(1));
    expect(decision).toMatchObject({ ok: true, value: { order: { quantity: shares(5) } } });
  });
});

describe("an exit while the books are not known to agree", () => {
  it("closes no more than both the books and the broker hold on its side", () => {
    fc.assert(
      fc.property(
        signed,
        signed,
        side,
        fc.integer({ min: 1, max: 30 }),
        (books, held, way, count) => {
          const cell: ControlCell = {
            ...cellOf(books === 0 ? {} : holding(books)),
            reconciliation: { state: "unverified", cleanAtMs: NOW_MS },
          };
          const decision = decide(cell, exitOf(way, count), seen(held));
          const sign = way === "sell" ? 1 : -1;
          const most = Math.max(0, Math.min(sign * books, sign * held, count));
          expect(decision.ok ? decision.value.order.quantity : 0).toBe(shares(most));
        },
      ),
    );
  });

  it("is none where the books hold nothing: the broker's shares are an entry's under its bracket", () => {
    const cell: ControlCell = {
      ...cellOf(),
      reconciliation: { state: "unverified", cleanAtMs: NOW_MS },
    };
    expect(decide(cell, exitOf("sell", 5), seen(5)).ok).toBe(false);
  });
});
