import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { notional, usd } from "../../../shared/domain/market/money.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import { type Quantity, shares } from "../../../shared/domain/market/quantity.ts";
import type { ClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import { markUnverified, takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { claimOrder } from "../../../shared/domain/risk/claim-order.ts";
import {
  type ClaimProgress,
  noteAbsence,
  progressClaim,
} from "../../../shared/domain/risk/progress-claim.ts";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
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

/** A report of an order without a bracket. */
const reported = (count: number, average: string | null, isOver: boolean) =>
  ({
    type: "reported",
    isOver,
    cumulativeFilled: shares(count),
    averagePrice: average === null ? null : price(average),
    legs: [],
  }) as const;

/** What the broker would hold: per order how much has filled, and what its bracket closed again. */
type Model = Map<
  ClientOrderId,
  { readonly intent: OrderIntent; filled: number; closed: number; isOver: boolean; isBare: boolean }
>;

type Step =
  | { readonly type: "claim"; readonly count: number; readonly exit: boolean }
  | { readonly type: "fill" | "close"; readonly order: number; readonly count: number }
  | { readonly type: "repeat" | "end" | "lose" | "unprotect"; readonly order: number };

const order = fc.nat({ max: 9 });
const count = fc.integer({ min: 1, max: 5 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("claim" as const), count, exit: fc.boolean() }),
  fc.record({ type: fc.constantFrom("fill" as const, "close" as const), order, count }),
  fc.record({
    type: fc.constantFrom("repeat" as const, "end" as const, "lose" as const, "unprotect" as const),
    order,
  }),
);

const AT = price("100.10");

/** The report that the broker would give of an order and its bracket. */
const reportOf = (id: string, one: Exclude<ReturnType<Model["get"]>, undefined>): ClaimProgress => {
  const { intent, filled, closed, isOver, isBare } = one;
  const leg = {
    quantity: shares(filled),
    statusText: "",
    filled: shares(closed),
    averagePrice: closed > 0 ? AT : null,
  };
  const isLive = !isBare && isOver && closed < filled;
  return {
    type: "reported",
    isOver,
    cumulativeFilled: shares(filled),
    averagePrice: filled > 0 ? AT : null,
    legs:
      intent.protection === null
        ? []
        : [
            {
              ...leg,
              brokerOrderId: `${id}-s`,
              role: "stop",
              status: isLive ? "working" : "filled",
            },
            {
              ...leg,
              brokerOrderId: `${id}-t`,
              role: "target",
              status: isLive ? "pending" : "cancelled",
              filled: shares(0),
              averagePrice: null,
            },
          ],
  };
};

/** Applies a step to the model of the broker and, as a report, to the cell. */
const apply = (cell: ControlCell, model: Model, next: Step, minute: number): ControlCell => {
  if (next.type === "claim") {
    const side = next.exit ? "sell" : "buy";
    const purpose = next.exit ? "exit" : "entry";
    const intent = {
      ...intentOf({ count: next.count, side, purpose, minute }),
      validUntilMs: NOW_MS + 3_600_000,
    };
    const after = tryClaim(cell, intent);
    const claim = after.inFlight[intent.clientOrderId];
    if (claim !== undefined) {
      const cut = { ...intent, quantity: claim.quantity };
      const fresh = { intent: cut, filled: 0, closed: 0, isOver: false, isBare: false };
      model.set(intent.clientOrderId, fresh);
    }
    return after;
  }
  const entry = [...model.entries()][next.order];
  if (entry === undefined) return cell;
  const [id, one] = entry;
  if (next.type === "lose") return progressClaim(cell, id, { type: "unknown" }, NOW_MS);
  const whole = one.intent.quantity / shares(1);
  const isProtected = one.isOver && !one.isBare && one.intent.protection !== null;
  if (next.type === "fill" && !one.isOver) one.filled = Math.min(one.filled + next.count, whole);
  if (next.type === "close" && isProtected) {
    one.closed = Math.min(one.closed + next.count, one.filled);
  }
  if (next.type === "end" || one.filled === whole) one.isOver = true;
  if (next.type === "unprotect" && one.isOver) one.isBare = true;
  return progressClaim(cell, id, reportOf(id, one), NOW_MS);
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
          // Whatever of this all fills, no more is sold than is held.
          expect(exposure.exits + exposure.protected).toBeLessThanOrEqual(
            Math.max(0, exposure.held),
          );
          for (const [id, one] of model) {
            const claim = cell.inFlight[id];
            const isProtecting = claim?.stage === "protecting" && claim.liveLegIds.length > 0;
            if (one.isOver) expect(claim === undefined || isProtecting).toBe(true);
            else expect(claim?.quantity).toBe(one.intent.quantity);
          }
        });
        let held = 0;
        for (const one of model.values()) {
          held += (one.intent.side === "buy" ? 1 : -1) * (one.filled - one.closed);
        }
        expect(holdingOf(cell, IBM).quantity).toBe(shares(held));
      }),
      { numRuns: 1_000 },
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
    const held = progressClaim(bought, id, reported(2, "100.00", true), NOW_MS);
    expect(holdingOf(held, IBM)).toMatchObject({
      quantity: shares(4),
      averagePrice: price("99.00"),
    });
    const exit = intentOf({ side: "sell", purpose: "exit", count: 4 });
    const sold = progressClaim(
      tryClaim(held, exit),
      exit.clientOrderId,
      reported(4, "101.00", true),
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
      reported(2, "100.00", false),
      NOW_MS,
    );
    const whole = progressClaim(first, intent.clientOrderId, reported(4, "100.05", true), NOW_MS);
    expect(holdingOf(whole, IBM).averagePrice).toBe(price("100.05"));
  });

  it("changes nothing when a report is repeated or about an order that is over", () => {
    const claimed = tryClaim(cellOf(), intentOf());
    const id = intentOf().clientOrderId;
    const report = reported(1, "100.00", false);
    const once = progressClaim(claimed, id, report, NOW_MS);
    expect(progressClaim(once, id, report, NOW_MS)).toBe(once);
    const over = progressClaim(once, id, { ...report, isOver: true }, NOW_MS);
    expect(progressClaim(over, id, report, NOW_MS)).toBe(over);
  });

  it("notes an order's absence once and forgets it when the order is seen", () => {
    const id = intentOf().clientOrderId;
    const noted = noteAbsence(tryClaim(cellOf(), intentOf()), id, NOW_MS);
    expect(noteAbsence(noted, id, NOW_MS + 1)).toBe(noted);
    const report = reported(0, null, false);
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
    const halted = haltTrading(cellOf(), { reason: "test", by: "test", atMs: NOW_MS });
    expect(takeOver(halted, "us-west-2", NOW_MS).tradingState.mode).toBe("halted");
    expect(haltTrading(halted, { reason: "b", by: "b", atMs: NOW_MS })).toBe(halted);
    expect(markUnverified(moved)).toBe(moved);
  });

  it("gives an entry that was never sent back to the session that counted it, and to no other", () => {
    const claimed = tryClaim(cellOf(), intentOf());
    expect(claimed.day?.entries).toBe(1);
    const id = intentOf().clientOrderId;
    const never = { type: "neverSent" } as const;
    expect(progressClaim(claimed, id, never, NOW_MS).day?.entries).toBe(0);
    const sessionDate = must(parseSessionDate("2026-03-11"));
    const nextDay = { ...must(claimed.day ?? undefined), sessionDate, entries: 3 };
    const after = progressClaim({ ...claimed, day: nextDay }, id, never, NOW_MS);
    expect(after.day?.entries).toBe(3);
  });
});
