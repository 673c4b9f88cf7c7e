import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { claimOrder } from "../../../shared/domain/risk/claim-order.ts";
import type { ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { entryRoomOf } from "../../../shared/domain/risk/entry-room.ts";
import { guardOrder } from "../../../shared/domain/risk/guard.ts";
import { addProposal, cellBehind, noProposals } from "../../../shared/domain/risk/proposals.ts";
import { cellOf, DATE, intentOf, must, NOW_MS, quoteOf, REGION } from "../../fixtures/orders.ts";

const moment = { session: must(sessionOf(DATE)), region: REGION, nowMs: NOW_MS };

/** What claiming everything that the guard lets through, one after the other, leaves. */
const claimAll = (first: ControlCell, entries: readonly Entry[]): ControlCell => {
  let cell = first;
  for (const entry of entries) {
    const approved = guardOrder({ ...entry, cell });
    if (!approved.ok) continue;
    const terms = { claimId: "proposed", nowMs: NOW_MS, submitByMs: NOW_MS };
    const claimed = claimOrder(cell, approved.value, terms);
    if (claimed.ok) cell = claimed.value;
  }
  return cell;
};

type Entry = Parameters<typeof addProposal>[1];

describe("the entries that were proposed", () => {
  const scenario = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }),
    asked: fc.infiniteStream(fc.boolean()),
    entriesMax: fc.integer({ min: 0, max: 5 }),
    inFlightMax: fc.integer({ min: 1, max: 6 }),
    side: fc.constantFrom("buy" as const, "sell" as const),
    allowShortSelling: fc.boolean(),
  });

  it("leave the cell and the room that claiming them would leave", () => {
    let reserved = 0;
    fc.assert(
      fc.property(scenario, (given) => {
        const { counts, asked, entriesMax, inFlightMax, side, allowShortSelling } = given;
        const limits = { minCooldownMinutes: 0, maxEntriesPerDay: entriesMax, allowShortSelling };
        const cell = cellOf({}, { ...limits, maxInFlight: inFlightMax });
        const entries = counts.map((count, place) => {
          const intent = intentOf({ count, side, minute: place + 1 });
          return { intent, quote: quoteOf(), ...moment };
        });
        const proposals = noProposals(cell, DATE);
        for (const entry of entries) {
          addProposal(proposals, entry);
          // Whether anybody asks on the way makes no difference.
          if (asked.next().value) cellBehind(proposals, NOW_MS);
        }
        const claimed = claimAll(cell, entries);
        expect(proposals.room).toEqual(entryRoomOf(claimed, DATE));
        expect(cellBehind(proposals, NOW_MS)).toEqual(claimed);
        expect(cellBehind(proposals, NOW_MS)).toEqual(claimed);
        if (claimed.day?.entries === 2) reserved++;
      }),
      { numRuns: 500 },
    );
    expect(reserved).toBeGreaterThan(20);
  });

  it("have no room to tell before the broker's account was read", () => {
    const unread = { ...cellOf(), accountReading: null };
    const proposals = noProposals(unread, DATE);
    addProposal(proposals, { intent: intentOf({}), quote: quoteOf(), ...moment });
    expect(proposals.room).toBeUndefined();
    expect(cellBehind(proposals, NOW_MS)).toBe(unread);
  });
});
