import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import {
  QUIET_WINDOW_MS,
  settleClaims,
} from "../../../shared/domain/reconciliation/settle-claims.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { cellOf, IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";
import { positionOf, reportOf, seenOf } from "../../fixtures/broker-view.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";

const ID = intentOf().clientOrderId;
const SUBMIT_BY_MS = claimOf(intentOf()).submitByMs;

const withClaim = (change: Partial<Claim> = {}): ControlCell =>
  cellOf(inFlightOf(claimOf(intentOf(), { stage: "working", ...change })));

describe("settling claims", () => {
  it("stories 1 and 2: keeps a lost order's reservation until it was denied over a window", () => {
    const looks = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 45_000 }),
        answer: fc.constantFrom("notFound", "unreadable"),
      } as const),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(looks, (asked) => {
        let cell = withClaim({ stage: "unknown" });
        let atMs = NOW_MS;
        let deniedSinceMs: number | undefined;
        for (const { afterMs, answer } of asked) {
          atMs += afterMs;
          const settled = settleClaims(cell, seenOf({ lookups: { [ID]: answer }, atMs }));
          const isDenial = answer === "notFound" && atMs > SUBMIT_BY_MS;
          const isOver =
            isDenial && deniedSinceMs !== undefined && atMs - deniedSinceMs >= QUIET_WINDOW_MS;
          expect(settled.cell.inFlight[ID] === undefined).toBe(isOver);
          expect(settled.absent).toHaveLength(isOver ? 1 : 0);
          if (isOver) return;
          if (isDenial) deniedSinceMs ??= atMs;
          cell = settled.cell;
        }
      }),
    );
  });

  it("story 6: never believes a denial while the position shows what the order may have done", () => {
    const sinceMs = SUBMIT_BY_MS + 1;
    const cell = withClaim({ stage: "unknown", absentSinceMs: sinceMs });
    const atMs = sinceMs + 10 * QUIET_WINDOW_MS;
    const positions = [positionOf(shares(2), price("100.05"))];
    const settled = settleClaims(cell, seenOf({ lookups: { [ID]: "notFound" }, positions, atMs }));
    expect(settled.absent).toEqual([]);
    expect(settled.cell.inFlight[ID]).toBeDefined();
  });

  it("stories 7 and 8: comes to the same holding, however often reports come, and in any order", () => {
    const reports = fc
      .array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 10 })
      .filter((fills) => fills.some((filled) => filled > 0));
    fc.assert(
      fc.property(reports, (fills) => {
        const at = price("100.05");
        let cell = withClaim({ quantity: shares(10) });
        for (const filled of [...fills, Math.max(...fills)]) {
          const status = filled === 10 ? "filled" : "partiallyFilled";
          const report = reportOf({
            quantity: shares(10),
            status,
            filled: shares(filled),
            averagePrice: filled === 0 ? null : at,
          });
          cell = settleClaims(cell, seenOf({ lookups: { [ID]: report } })).cell;
        }
        expect(cell.holdings[IBM]?.quantity).toBe(shares(Math.max(...fills)));
      }),
    );
  });

  it("story 2: changes nothing on silence, and says that the order could not be read", () => {
    const cell = withClaim();
    const settled = settleClaims(cell, seenOf({ lookups: { [ID]: "unreadable" } }));
    expect(settled.cell).toBe(cell);
    expect(settled.differences).toMatchObject([{ type: "unreadableOrder" }]);
  });

  it.each([
    ["orderDiffers", { quantity: shares(7) }],
    ["orderDiffers", { side: "sell" }],
    ["unlistedStatus", { status: "unlisted" }],
  ] as const)("finds %s, and takes nothing from such an answer", (type, change) => {
    const cell = withClaim();
    const report = reportOf({ filled: shares(2), averagePrice: price("1.00"), ...change });
    const settled = settleClaims(cell, seenOf({ lookups: { [ID]: report } }));
    expect(settled.differences).toMatchObject([{ type }]);
    expect(settled.cell).toBe(cell);
  });

  it("calls an order lost that the broker had and denies, and keeps its reservation", () => {
    for (const cell of [withClaim(), withClaim({ stage: "protecting" })]) {
      const settled = settleClaims(cell, seenOf({ lookups: { [ID]: "notFound" } }));
      expect(settled.differences).toMatchObject([{ type: "lostOrder" }]);
      expect(settled.cell).toBe(cell);
    }
  });

  it("leaves alone what was claimed after the broker was read", () => {
    const cell = withClaim({ stage: "claimed" });
    const settled = settleClaims(cell, seenOf());
    expect(settled).toMatchObject({ differences: [], absent: [], reported: [] });
    expect(settled.cell).toBe(cell);
  });
});
