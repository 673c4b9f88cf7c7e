import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { HOLDINGS_MAX, cellShareOf } from "../../../shared/domain/risk/cell-size.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { guardOrder } from "../../../shared/domain/risk/guard.ts";
import { createTextItemStore } from "../../adapters/stored/text-item-store.ts";
import { cellArbitrary } from "../../contracts/arbitraries.ts";
import { cellOf, holding, intentOf, must, NOW_MS, quoteOf, REGION } from "../../fixtures/orders.ts";

const name = (index: number): string =>
  Array.from(index.toString(26).padStart(14, "0"), (digit) =>
    String.fromCodePoint(65 + Number.parseInt(digit, 26)),
  ).join("");

/** The largest claim: every field at its longest. */
const largestClaim = (index: number): Claim =>
  ({
    clientOrderId: `hf_${"s".repeat(16)}_${"a".repeat(16)}_${name(index)}_20260310_1000_sell_flatten_999`,
    claimId: "i".repeat(36),
    epoch: 1_000_000,
    symbol: must(parseTicker("ABCDEF.GHI.JKL")),
    side: "sell",
    purpose: "entry",
    quantity: 9_000_000_000_000_000,
    filled: 9_000_000_000_000_000,
    filledPrice: 90_000_000_000,
    price: 90_000_000_000,
    stage: "protecting",
    claimedAtMs: NOW_MS,
    submitByMs: NOW_MS,
    validUntilMs: NOW_MS,
    protection: { stopPrice: 90_000_000_000, targetPrice: 90_000_000_000 },
    closed: 9_000_000_000_000_000,
    closedPrice: 90_000_000_000,
    liveLegIds: ["l".repeat(36), "l".repeat(36)],
    entryBeforeMs: NOW_MS,
    absentSinceMs: NOW_MS,
  }) as unknown as Claim;

const fullCell = (): ControlCell => {
  const one = must(holding(1).holdings["IBM"]);
  const largest = { ...one, quantity: -9_000_000_000_000_000, averagePrice: 90_000_000_000 };
  const claims = Array.from({ length: 129 }, (_, index) => largestClaim(index));
  return cellOf({
    version: 2,
    holdings: Object.fromEntries(
      Array.from({ length: HOLDINGS_MAX }, (_, index) => [name(index), largest as typeof one]),
    ),
    inFlight: Object.fromEntries(claims.map((claim) => [claim.clientOrderId, claim])),
  });
};

/** What the bound is counted in: the document, and the seal around it. */
const CELL_BYTES_MAX = 350_000;
const SEAL_BYTES = 200;

describe("a control cell's size", () => {
  it("is that of its JSON, whatever of it was measured before", () => {
    fc.assert(
      fc.property(cellArbitrary("main"), (cell) => {
        const bytes = JSON.stringify(cell).length + SEAL_BYTES;
        expect(cellShareOf(cell) * CELL_BYTES_MAX).toBeCloseTo(bytes, 6);
        expect(cellShareOf({ ...cell, version: cell.version })).toBe(cellShareOf(cell));
      }),
    );
  });

  it("is that of its JSON when entries of the cell before stand elsewhere or bear other names", () => {
    const entries = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    const cells = fc.array(fc.tuple(entries, fc.integer({ min: 0, max: 2 })), { minLength: 2 });
    const one = must(holding(1).holdings["IBM"]);
    const kept = Array.from({ length: 10 }, (_, index) => ({ ...one, quantity: 10 ** index }));
    fc.assert(
      fc.property(cells, (list) => {
        for (const [places, shift] of list) {
          const names = places.map((place) => [
            "A".repeat(1 + ((place + shift) % 6)) + place,
            place,
          ]);
          const holdings = names.map(([key, place]) => [key, kept[Number(place)]]);
          const cell = cellOf({
            holdings: Object.fromEntries(holdings) as ControlCell["holdings"],
          });
          const bytes = JSON.stringify(cell).length + SEAL_BYTES;
          expect(cellShareOf(cell) * CELL_BYTES_MAX).toBeCloseTo(bytes, 6);
        }
      }),
    );
  });

  it("stays within the bound with every symbol and every claim that is ever let in", async () => {
    const cell = fullCell();
    expect(cellShareOf(cell)).toBeLessThan(1);
    const ledger = createStoredLedger(createTextItemStore());
    const saved = await ledger.saveCell({ ...cell, version: 1 }, { version: 0, epoch: 0 });
    expect(saved.ok).toBe(true);
  });

  it("stops an entry in one symbol more, and no exit", () => {
    const flat = must(holding(0).holdings["IBM"]);
    const names = Array.from({ length: HOLDINGS_MAX }, (_, index) => [name(index), flat]);
    const cell = cellOf({ holdings: Object.fromEntries(names) });
    const moment = marketPhase(NOW_MS);
    const session = moment.session;
    const decide = (intent: ReturnType<typeof intentOf>, from: ControlCell) =>
      guardOrder({ intent, cell: from, quote: quoteOf(), session, region: REGION, nowMs: NOW_MS });
    const denied = decide(intentOf(), cell);
    expect(!denied.ok && denied.error.map(({ reason }) => reason)).toContain("cellFull");
    const held = { ...cell, holdings: { ...cell.holdings, ...holding(2).holdings } };
    expect(decide(intentOf({ side: "sell", purpose: "exit" }), held).ok).toBe(true);
  });

  it("is measured as it is stored", () => {
    fc.assert(
      fc.property(cellArbitrary("main"), (cell) => {
        expect(cellShareOf(cell)).toBeGreaterThan(JSON.stringify(cell).length / 350_000);
      }),
    );
  });
});
