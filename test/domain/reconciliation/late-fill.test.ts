import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { afterEvent, type Order } from "../../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import { isLateFill, reopenClaim } from "../../../shared/domain/reconciliation/late-fill.ts";
import { afterReport } from "../../../shared/domain/reconciliation/settle-claims.ts";
import { cellOf, holding, IBM, intentOf, must, NOW_MS, price } from "../../fixtures/orders.ts";
import { legOf, reportOf } from "../../fixtures/broker-view.ts";

const AT = price("100.05");

/** An order that was cancelled after some of it had filled, and was settled then. */
const settledOrder = (filled: number, closed = 0): Order => {
  const intent = intentOf({ count: 10 });
  const fills: readonly OrderEvent[] = [
    {
      type: "fillObserved",
      atMs: 4,
      brokerOrderId: "b1",
      cumulativeFilled: shares(filled),
      averagePrice: AT,
    },
    {
      type: "legFillObserved",
      atMs: 5,
      legId: "b1-stop",
      role: "stop",
      cumulativeFilled: shares(closed),
      averagePrice: AT,
    },
  ];
  const events: readonly OrderEvent[] = [
    { type: "intentRecorded", atMs: 1, intent, recordedBy: "a" },
    {
      type: "claimed",
      atMs: 2,
      epoch: 1,
      claimId: "c1",
      submitByMs: 9,
      quantity: intent.quantity,
    },
    { type: "acknowledged", atMs: 3, brokerOrderId: "b1" },
    ...(filled > 0 ? fills.slice(0, closed > 0 ? 2 : 1) : []),
    { type: "cancelled", atMs: 6 },
  ];
  return must(
    events.reduce<Order | undefined>((order, event) => {
      const next = afterEvent(order, event);
      return next.ok ? next.value : order;
    }, undefined),
  );
};

describe("a late fill", () => {
  it("story 10: cancelled, then filled: is booked once, by what was not known before", () => {
    const cases = fc
      .record({
        known: fc.integer({ min: 0, max: 10 }),
        filled: fc.integer({ min: 0, max: 10 }),
        knownClosed: fc.integer({ min: 0, max: 10 }),
        closed: fc.integer({ min: 0, max: 10 }),
        held: fc.integer({ min: 0, max: 5 }),
      })
      .filter((one) => one.knownClosed <= one.known && one.closed <= one.filled)
      .filter((one) => one.filled >= one.known && one.closed >= one.knownClosed);
    fc.assert(
      fc.property(cases, ({ known, filled, knownClosed, closed, held }) => {
        const order = settledOrder(known, knownClosed);
        const report = reportOf({
          quantity: shares(10),
          status: "cancelled",
          filled: shares(filled),
          averagePrice: filled === 0 ? null : AT,
          legs: [legOf(shares(closed), closed === 0 ? null : AT)],
        });
        const late = { order, report };
        expect(isLateFill(late)).toBe(filled > known || closed > knownClosed);
        const cell = cellOf(held === 0 ? {} : holding(held));
        const reopened = reopenClaim(cell, late, NOW_MS);
        const claim = must(reopened.inFlight[order.intent.clientOrderId]);
        const booked = afterReport(reopened, claim, report, NOW_MS);
        const moved = filled - known - (closed - knownClosed);
        expect(booked.holdings[IBM]?.quantity ?? 0).toBe(shares(held + moved));
        // It is over: nothing stays reserved for it, and the same report again finds nothing.
        expect(booked.inFlight).toEqual({});
      }),
      { numRuns: 200 },
    );
  });

  it("is none of an order in another symbol or on another side under our id", () => {
    const order = settledOrder(2);
    const report = reportOf({ quantity: shares(10), filled: shares(5), averagePrice: AT });
    expect(isLateFill({ order, report })).toBe(true);
    expect(isLateFill({ order, report: { ...report, side: "sell" } })).toBe(false);
  });
});
