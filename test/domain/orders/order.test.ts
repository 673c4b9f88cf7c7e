import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import {
  afterEvent,
  mayBeLive,
  type Order,
  orderFromEvents,
} from "../../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import { intentOf, must, NOW_MS, price } from "../../fixtures/orders.ts";

const intent = intentOf({ count: 10 });
const recorded: OrderEvent = { type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "a" };
const claimed: OrderEvent = {
  type: "claimed",
  atMs: NOW_MS,
  epoch: 1,
  claimId: "c1",
  submitByMs: NOW_MS + 10_000,
  quantity: shares(10),
};
const acknowledged: OrderEvent = { type: "acknowledged", atMs: NOW_MS, brokerOrderId: "b1" };
const cancelled: OrderEvent = { type: "cancelled", atMs: NOW_MS };
const filled = (count: number): OrderEvent => ({
  type: "fillObserved",
  atMs: NOW_MS,
  brokerOrderId: "b1",
  cumulativeFilled: shares(count),
  averagePrice: price("100.05"),
});

const orderOf = (...events: readonly OrderEvent[]): Order => {
  const order = orderFromEvents([recorded, ...events]);
  if (!order.ok) throw new Error(`${order.error.event} after ${order.error.from}`);
  return must(order.value);
};

/** One trade of one share. */
const trade = (id: number) => ({
  executionId: `x${id}`,
  brokerOrderId: "b1",
  quantity: shares(1),
  price: price("100.00"),
  atMs: NOW_MS + id,
});

const anyEvent: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.constant(claimed),
  fc.constant(acknowledged),
  fc.constant(cancelled),
  fc.integer({ min: 1, max: 10 }).map(filled),
  fc.constant<OrderEvent>({ type: "rejected", atMs: NOW_MS, reason: "no" }),
  fc.constant<OrderEvent>({ type: "submissionUnknown", atMs: NOW_MS, cause: "timeout" }),
  fc.constant<OrderEvent>({ type: "notSent", atMs: NOW_MS, cause: "429" }),
  fc.constant<OrderEvent>({ type: "expired", atMs: NOW_MS, cause: "late" }),
  fc.constant<OrderEvent>({
    type: "denied",
    atMs: NOW_MS,
    denials: [{ reason: "cooldown", detail: "" }],
  }),
  fc.constant<OrderEvent>({ type: "orphaned", atMs: NOW_MS, brokerOrderId: "b1" }),
);

describe("an order", () => {
  it("counts fills by their cumulative quantity, however often and in whatever order they come", () => {
    const reports = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(reports, (counts) => {
        const order = orderOf(claimed, acknowledged, ...counts.map(filled));
        const most = Math.max(...counts);
        expect(order.filled).toBe(shares(most));
        expect(order.state.name).toBe(most === 10 ? "filled" : "partiallyFilled");
      }),
    );
  });

  it("never loses a fill, never leaves an end for a live state, whatever happens", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        let order = orderOf();
        for (const event of events) {
          const next = afterEvent(order, event);
          if (!next.ok) continue;
          expect(next.value.filled).toBeGreaterThanOrEqual(order.filled);
          expect(next.value.eventCount).toBe(order.eventCount + 1);
          if (order.state.name === "filled") expect(next.value.state.name).toBe("filled");
          if (order.state.name === "cancelled") expect(mayBeLive(next.value.state)).toBe(false);
          // Only that the broker has it all the same, which it can after a restore.
          if (order.state.name === "denied") expect(event.type).toBe("orphaned");
          order = next.value;
        }
      }),
    );
  });

  it("takes a fill after its cancellation, since the broker may have been faster", () => {
    expect(orderOf(claimed, acknowledged, cancelled, filled(10)).state.name).toBe("filled");
    const part = orderOf(claimed, acknowledged, cancelled, filled(4));
    expect(part.state.name).toBe("cancelled");
    expect(part.filled).toBe(shares(4));
  });

  it("knows each trade by its id, told how often and in whatever order", () => {
    const told = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(told, (reports) => {
        const events = reports.map((ids): OrderEvent => ({
          type: "executionsObserved",
          atMs: NOW_MS,
          executions: ids.map(trade),
        }));
        const order = orderOf(claimed, acknowledged, filled(9), ...events);
        const distinct = new Set(reports.flat());
        expect(Object.keys(order.executions)).toHaveLength(distinct.size);
        expect(order.filled).toBe(shares(9));
      }),
    );
  });

  it("keeps its fills when the acknowledgement comes last", () => {
    const order = orderOf(claimed, filled(10), acknowledged);
    expect(order.state.name).toBe("filled");
    expect(order.brokerOrderId).toBe("b1");
  });

  it("cannot be sent again once its answer was lost", () => {
    const lost: OrderEvent = { type: "submissionUnknown", atMs: NOW_MS, cause: "timeout" };
    const next = afterEvent(orderOf(claimed, lost), claimed);
    expect(next).toEqual({
      ok: false,
      error: { type: "IllegalTransition", from: "unknown", event: "claimed" },
    });
    expect(mayBeLive(orderOf(claimed, lost).state)).toBe(true);
  });

  it("has one intent, first", () => {
    expect(afterEvent(orderOf(), recorded).ok).toBe(false);
    expect(orderFromEvents([claimed]).ok).toBe(false);
    expect(orderFromEvents([])).toEqual({ ok: true, value: undefined });
  });
});
