import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { eventsOfAbsence, eventsOfReport } from "../../../shared/domain/orders/broker-report.ts";
import type { BrokerOrder } from "../../../shared/domain/orders/broker-state.ts";
import { afterEvent, firstOrder, type Order } from "../../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import { reportOf } from "../../fixtures/broker-view.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

const intent = intentOf({ count: 10 });
const start = firstOrder({ type: "intentRecorded", atMs: NOW_MS, intent, recordedBy: "a" });
const claim = claimOf(intent);

const report = fc
  .record({
    status: fc.constantFrom<BrokerOrder["status"]>(
      "pending",
      "working",
      "partiallyFilled",
      "filled",
      "cancelled",
      "expired",
      "rejected",
    ),
    filled: fc.integer({ min: 0, max: 10 }),
  })
  .map(({ status, filled }) =>
    reportOf({
      quantity: shares(10),
      status,
      statusText: status,
      filled: shares(filled),
      averagePrice: filled > 0 ? price("100.00") : null,
    }),
  );

const fold = (order: Order, events: readonly OrderEvent[]): Order =>
  events.reduce((current, event) => {
    const next = afterEvent(current, event);
    if (!next.ok) throw new Error(`${next.error.event} after ${next.error.from}`);
    return next.value;
  }, order);

describe("a broker's report", () => {
  it("brings any history to itself with legal events, and once is enough", () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 8 }), (reports) => {
        let order = start;
        let most = 0;
        for (const seen of reports) {
          order = fold(order, eventsOfReport(order, claim, seen, NOW_MS));
          if (seen.status !== "rejected" || order.state.name !== "rejected") {
            most = Math.max(most, order.filled);
          }
          expect(order.filled).toBeGreaterThanOrEqual(most);
          expect(eventsOfReport(order, claim, seen, NOW_MS)).toEqual([]);
        }
      }),
    );
  });

  it("writes down the claim that the function which made it could not", () => {
    const events = eventsOfAbsence(start, claim, NOW_MS);
    expect(events.map((event) => event.type)).toEqual(["claimed", "notSent", "expired"]);
    expect(fold(start, events).state.name).toBe("expired");
  });
});
