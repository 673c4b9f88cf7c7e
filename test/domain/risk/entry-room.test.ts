import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { notional, usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { claimOrder } from "../../../shared/domain/risk/claim-order.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import type { DenialReason } from "../../../shared/domain/risk/denial.ts";
import { entryRoomOf, usedUpFor } from "../../../shared/domain/risk/entry-room.ts";
import { guardOrder } from "../../../shared/domain/risk/guard.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import {
  cellOf,
  DATE,
  holding,
  intentOf,
  must,
  NOW_MS,
  price,
  quoteOf,
  REGION,
} from "../../fixtures/orders.ts";

const decide = (cell: ControlCell, intent: OrderIntent) =>
  guardOrder({
    intent,
    cell,
    quote: quoteOf(),
    session: must(sessionOf(DATE)),
    region: REGION,
    nowMs: NOW_MS,
  });

const reasonsFor = (cell: ControlCell, intent: OrderIntent): readonly DenialReason[] => {
  const decision = decide(cell, intent);
  return decision.ok ? [] : decision.error.map(({ reason }) => reason);
};

const claimedIn = (cell: ControlCell, intent: OrderIntent): ControlCell => {
  const decision = decide(cell, intent);
  if (!decision.ok) return cell;
  const terms = { claimId: "c1", nowMs: NOW_MS, submitByMs: NOW_MS + 10_000 };
  const claimed = claimOrder(cell, decision.value, terms);
  return claimed.ok ? claimed.value : cell;
};

describe("the room of an account for entries", () => {
  const scenario = fc.record({
    held: fc.integer({ min: 0, max: 8 }),
    working: fc.integer({ min: 0, max: 8 }),
    count: fc.integer({ min: 1, max: 30 }),
    equity: fc.integer({ min: 0, max: 10_000 }),
    buyingPower: fc.integer({ min: 0, max: 3_000 }),
    entriesMax: fc.integer({ min: 0, max: 3 }),
    side: fc.constantFrom("buy" as const, "sell" as const),
  });

  it("refuses nothing that the guard would not refuse for the same reason", () => {
    let refused = 0;
    fc.assert(
      fc.property(scenario, (given) => {
        const { held, working, count, equity, buyingPower, entriesMax, side } = given;
        const first = cellOf(held > 0 ? holding(held) : {}, { minCooldownMinutes: 0 });
        const before =
          working > 0 ? claimedIn(first, intentOf({ count: working, minute: 1 })) : first;
        const cell: ControlCell = {
          ...before,
          limits: { ...before.limits, maxEntriesPerDay: entriesMax },
          accountReading: {
            equity: usd(equity),
            cash: usd(equity),
            buyingPower: usd(buyingPower),
            observedAtMs: NOW_MS,
          },
        };
        const intent = intentOf({ count, side });
        const room = must(entryRoomOf(cell, DATE));
        const usedUp = usedUpFor(room, notional(price("100.10"), shares(count)));
        if (usedUp === undefined) return;
        refused++;
        expect(reasonsFor(cell, intent)).toContain(usedUp);
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it("names each thing that is used up, in the guard's order", () => {
    const cell = cellOf();
    const room = must(entryRoomOf(cell, DATE));
    const cost = usd(100);
    expect(usedUpFor(room, cost)).toBeUndefined();
    expect(usedUpFor({ ...room, buyingPower: usd(99) }, cost)).toBe("buyingPower");
    expect(usedUpFor({ ...room, exposureMaxUsd: 99 }, cost)).toBe("portfolioExposure");
    const { maxEntriesPerDay: entries } = cell.limits;
    expect(usedUpFor({ ...room, entries, exposureMaxUsd: 0 }, cost)).toBe("dailyEntries");
  });

  it("is not known before the broker's account was read: the guard says so", () => {
    expect(entryRoomOf({ ...cellOf(), accountReading: null }, DATE)).toBeUndefined();
  });

  it("is not known where a limit is none: the guard says so", () => {
    expect(entryRoomOf(cellOf({}, { maxPortfolioExposurePct: NaN }), DATE)).toBeUndefined();
  });
});
