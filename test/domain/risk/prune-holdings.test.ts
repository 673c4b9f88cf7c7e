import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { FLAT, type Holding } from "../../../shared/domain/risk/control-cell.ts";
import { pruneHoldings } from "../../../shared/domain/risk/prune-holdings.ts";
import { cellOf, must, NOW_MS, price } from "../../fixtures/orders.ts";

const symbols = ["AAPL", "IBM", "MSFT", "NVDA", "SPY"].map((name) => must(parseTicker(name)));

const held: fc.Arbitrary<Holding> = fc
  .record({
    count: fc.integer({ min: -3, max: 3 }),
    entryAgoMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: null }),
  })
  .map(({ count, entryAgoMs }) => {
    const lastEntryAtMs = entryAgoMs === null ? null : NOW_MS - entryAgoMs;
    return count === 0
      ? { ...FLAT, lastEntryAtMs }
      : {
          quantity: shares(count),
          averagePrice: price("100.00"),
          openedAtMs: NOW_MS,
          lastEntryAtMs,
        };
  });

const cells = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...symbols)),
    fc.array(held, { minLength: 5, maxLength: 5 }),
  )
  .map(([names, holdings]) =>
    cellOf({
      holdings: Object.fromEntries(names.map((name, index) => [name, must(holdings[index])])),
    }),
  );

describe("pruning holdings", () => {
  it("forgets just what is flat and may be entered again: no position, no cooldown", () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const pruned = pruneHoldings(cell, NOW_MS);
        const coolDownMs = cell.limits.minCooldownMinutes * 60_000;
        for (const symbol of Object.keys(cell.holdings) as Ticker[]) {
          const before = must(cell.holdings[symbol]);
          const isHeld = before.quantity !== 0;
          const isCooling =
            before.lastEntryAtMs !== null && NOW_MS - before.lastEntryAtMs <= coolDownMs;
          expect(pruned.holdings[symbol]).toEqual(isHeld || isCooling ? before : undefined);
        }
      }),
    );
  });

  it("of nothing is no write", () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const pruned = pruneHoldings(cell, NOW_MS);
        expect(pruneHoldings(pruned, NOW_MS)).toBe(pruned);
      }),
    );
  });
});
