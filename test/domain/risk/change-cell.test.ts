import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { notional, usd } from "../../../shared/domain/market/money.ts";
import { type Quantity, shares } from "../../../shared/domain/market/quantity.ts";
import type { ClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import {
  changeTradingState,
  claimOrder,
  markUnverified,
  noteAbsence,
  progressClaim,
  takeOver,
} from "../../../shared/domain/risk/change-cell.ts";
import { type ControlCell, holdingOf } from "../../../shared/domain/risk/control-cell.ts";
import { exposureOf } from "../../../shared/domain/risk/exposure.ts";
import { guardOrder } from "../../../shared/domain/risk/guard.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import {
  cellOf,
  DATE,
  holding,
  IBM,
  intentOf,
  must,
  NOW_MS,
  price,
  quoteOf,
  REGION,
} from "../../fixtures/orders.ts";

/** Guards and claims; the cell itself where the guard refuses. */
const tryClaim = (cell: ControlCell, intent: OrderIntent): ControlCell => {
  const decision = guardOrder({
    intent,
    cell,
    quote: quoteOf(),
    session: must(sessionOf(DATE)),
    region: REGION,
    nowMs: NOW_MS,
  });
  if (!decision.ok) return cell;
  const terms = { claimId: "c", nowMs: NOW_MS, submitByMs: NOW_MS + 10_000 };
  const claimed = claimOrder(cell, decision.value, terms);
  return claimed.ok ? claimed.value : cell;
};

/** What the broker would hold: per order its size and how much of it has filled. */
type Model = Map<ClientOrderId, { readonly intent: OrderIntent; filled: number; over: boolean }>;

type Step =
  | { readonly type: "claim"; readonly count: number; readonly exit: boolean }
  | { readonly type: "fill"; readonly order: number; readonly count: number }
  | { readonly type: "repeat" | "end" | "lose"; readonly order: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constant("claim" as const),
    count: fc.integer({ min: 1, max: 5 }),
    exit: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("fill" as const),
    order: fc.nat({ max: 9 }),
    count: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({
    type: fc.constantFrom("repeat" as const, "end" as const, "lose" as const),
    order: fc.nat({ max: 9 }),
  }),
);

const AT = price("100.10");

/** Applies a step to the cell and, where it took, to the model of the broker. */
const apply = (cell: ControlCell, model: Model, next: Step, minute: number): ControlCell => {
  if (next.type === "claim") {
    const side = next.exit ? "sell" : "buy";
    const purpose = next.exit ? "exit" : "entry";
    const intent = {
      ...intentOf({ count: next.count, side, purpose, minute }),
      validUntilMs: NOW_MS + 3_600_000,
    };
    const claimed = tryClaim(cell, intent);
    if (claimed !== cell) model.set(intent.clientOrderId, { intent, filled: 0, over: false });
    return claimed;
  }
  const entry = [...model.entries()][next.order];
  if (entry === undefined) return cell;
  const [id, order] = entry;
  if (next.type === "lose") return progressClaim(cell, id, { type: "unknown" }, NOW_MS);
  if (next.type === "fill" && !order.over) {
    const whole = order.intent.quantity / shares(1);
    order.filled = Math.min(order.filled + next.count, whole);
  }
  const isEnd = next.type === "end";
  if (isEnd) order.over = true;
  return progressClaim(
    cell,
    id,
    {
      type: isEnd ? "ended" : "working",
      cumulativeFilled: shares(order.filled),
      averagePrice: order.filled > 0 ? AT : null,
    },
    NOW_MS,
  );
};

describe("the control cell", () => {
  it("keeps every limit, every reservation and every fill over any interleaving", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const model: Model = new Map();
        let cell = cellOf({}, { minCooldownMinutes: 0 });
        steps.forEach((next, minute) => {
          const before = cell;
          cell = apply(cell, model, next, minute);
          expect(cell.version).toBeGreaterThanOrEqual(before.version);
          const exposure = exposureOf(cell, IBM);
          const atMost = (exposure.held + exposure.entryBuys) as Quantity;
          expect(notional(AT, atMost)).toBeLessThanOrEqual(usd(500));
          expect(exposure.exits).toBeLessThanOrEqual(Math.max(0, exposure.held));
          for (const [id, order] of model) {
            const claim = cell.inFlight[id];
            if (order.over) expect(claim).toBeUndefined();
            else expect(claim?.quantity).toBe(order.intent.quantity);
          }
        });
        let held = 0;
        for (const order of model.values()) {
          held += (order.intent.side === "buy" ? 1 : -1) * order.filled;
        }
        expect(holdingOf(cell, IBM).quantity).toBe(shares(held));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the whole reservation of an order whose answer was lost", () => {
    const claimed = tryClaim(cellOf(), intentOf());
    const unknown = progressClaim(claimed, intentOf().clientOrderId, { type: "unknown" }, NOW_MS);
    expect(exposureOf(unknown, IBM).entryBuys).toBe(shares(2));
    expect(exposureOf(unknown, IBM).hasUnknown).toBe(true);
  });

  it("averages on the way in and realizes profit on the way out", () => {
    const bought = tryClaim(cellOf(holding(2, "98.00"), { minCooldownMinutes: 0 }), intentOf());
    const id = intentOf().clientOrderId;
    const report = { type: "ended", cumulativeFilled: shares(2), averagePrice: price("100.00") };
    const held = progressClaim(bought, id, { ...report, type: "ended" }, NOW_MS);
    expect(holdingOf(held, IBM)).toMatchObject({
      quantity: shares(4),
      averagePrice: price("99.00"),
    });
    const exit = intentOf({ side: "sell", purpose: "exit", count: 4 });
    const sold = progressClaim(
      tryClaim(held, exit),
      exit.clientOrderId,
      { type: "ended", cumulativeFilled: shares(4), averagePrice: price("101.00") },
      NOW_MS,
    );
    expect(holdingOf(sold, IBM)).toMatchObject({ quantity: 0, averagePrice: null });
    expect(sold.day?.realizedProfit).toBe(usd(8));
  });

  it("prices each part of a fill by the difference of the cumulative averages", () => {
    const intent = intentOf({ count: 4 });
    const first = progressClaim(
      tryClaim(cellOf(), intent),
      intent.clientOrderId,
      { type: "working", cumulativeFilled: shares(2), averagePrice: price("100.00") },
      NOW_MS,
    );
    const whole = progressClaim(
      first,
      intent.clientOrderId,
      { type: "ended", cumulativeFilled: shares(4), averagePrice: price("100.05") },
      NOW_MS,
    );
    expect(holdingOf(whole, IBM).averagePrice).toBe(price("100.05"));
  });

  it("changes nothing when a report is repeated or about an order that is over", () => {
    const claimed = tryClaim(cellOf(), intentOf());
    const id = intentOf().clientOrderId;
    const report = {
      type: "working",
      cumulativeFilled: shares(1),
      averagePrice: price("100.00"),
    } as const;
    const once = progressClaim(claimed, id, report, NOW_MS);
    expect(progressClaim(once, id, report, NOW_MS)).toBe(once);
    const over = progressClaim(once, id, { ...report, type: "ended" }, NOW_MS);
    expect(progressClaim(over, id, report, NOW_MS)).toBe(over);
  });

  it("notes an order's absence once and forgets it when the order is seen", () => {
    const id = intentOf().clientOrderId;
    const noted = noteAbsence(tryClaim(cellOf(), intentOf()), id, NOW_MS);
    expect(noteAbsence(noted, id, NOW_MS + 1)).toBe(noted);
    const report = { type: "working", cumulativeFilled: shares(0), averagePrice: null } as const;
    expect(progressClaim(noted, id, report, NOW_MS).inFlight[id]?.absentSinceMs).toBeNull();
  });

  it("hands over to another Region with a higher epoch, exits only, and nothing verified", () => {
    const moved = takeOver(tryClaim(cellOf(), intentOf()), "us-west-2", NOW_MS);
    expect(moved).toMatchObject({
      epoch: 2,
      activeRegion: "us-west-2",
      tradingState: { mode: "reducing" },
      reconciliation: { state: "unverified" },
    });
    expect(Object.keys(moved.inFlight)).toHaveLength(1);
    const halted = changeTradingState(cellOf(), {
      mode: "halted",
      reason: "test",
      by: "test",
      atMs: NOW_MS,
    });
    expect(takeOver(halted, "us-west-2", NOW_MS).tradingState.mode).toBe("halted");
    expect(changeTradingState(halted, halted.tradingState)).toBe(halted);
    expect(markUnverified(moved)).toBe(moved);
  });
});
