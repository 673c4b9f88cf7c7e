import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { guardOrder } from "../../../shared/domain/risk/guard.ts";
import { countReject, latchOf } from "../../../shared/domain/risk/reject-latch.ts";
import {
  cellOf,
  DATE,
  IBM,
  intentOf,
  must,
  NOW_MS,
  quoteOf,
  REGION,
} from "../../fixtures/orders.ts";

const SPY = must(parseTicker("SPY"));
const TOMORROW = must(parseSessionDate("2026-03-11"));

const reject = fc.record({
  symbol: fc.constantFrom(IBM, SPY),
  code: fc.constantFrom("40310000", "42210000"),
  sessionDate: fc.constant(DATE),
  atMs: fc.constant(NOW_MS),
});

describe("the reject latch", () => {
  it("story 13: closes a symbol exactly when one reason came as often as the limit says", () => {
    const cases = fc.record({
      rejects: fc.array(reject, { maxLength: 20 }),
      rejectsToLatch: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(cases, ({ rejects, rejectsToLatch }) => {
        const cell = rejects.reduce(countReject, cellOf({}, { rejectsToLatch }));
        for (const symbol of [IBM, SPY]) {
          const counts = ["40310000", "42210000"].map(
            (code) => rejects.filter((one) => one.symbol === symbol && one.code === code).length,
          );
          const isLatched = counts.some((count) => count >= rejectsToLatch);
          expect(latchOf(cell, symbol, DATE) !== undefined).toBe(isLatched);
        }
      }),
    );
  });

  it("story 13: stops entries and no exit", () => {
    let cell = cellOf({
      holdings: {
        [IBM]: {
          quantity: intentOf().quantity,
          averagePrice: intentOf().referencePrice,
          openedAtMs: NOW_MS - 3_600_000,
          lastEntryAtMs: NOW_MS - 3_600_000,
        },
      },
    });
    for (let count = 0; count < cell.limits.rejectsToLatch; count++) {
      cell = countReject(cell, { symbol: IBM, code: "40310000", sessionDate: DATE, atMs: NOW_MS });
    }
    const ask = (purpose: "entry" | "exit") =>
      guardOrder({
        intent: intentOf({ purpose, side: purpose === "exit" ? "sell" : "buy" }),
        cell,
        quote: quoteOf(),
        session: must(sessionOf(DATE)),
        region: REGION,
        nowMs: NOW_MS,
      });
    expect(ask("exit")).toMatchObject({ ok: true });
    expect(ask("entry")).toMatchObject({
      ok: false,
      error: expect.arrayContaining([expect.objectContaining({ reason: "rejectLatch" })]),
    });
  });

  it("opens again with the next session", () => {
    const one = { symbol: IBM, code: "40310000", atMs: NOW_MS };
    let cell = cellOf();
    for (let count = 0; count < 5; count++) cell = countReject(cell, { ...one, sessionDate: DATE });
    expect(latchOf(cell, IBM, DATE)).toMatchObject({ code: "40310000", count: 5 });
    expect(latchOf(cell, IBM, TOMORROW)).toBeUndefined();
    const next = countReject(cell, { ...one, sessionDate: TOMORROW });
    expect(latchOf(next, IBM, TOMORROW)).toBeUndefined();
    expect(next.day?.rejects).toHaveLength(1);
  });

  it("keeps the cell small, whatever the broker calls its reasons", () => {
    let cell = cellOf();
    for (let count = 0; count < 500; count++) {
      const code = count.toString();
      cell = countReject(cell, { symbol: IBM, code, sessionDate: DATE, atMs: NOW_MS });
    }
    expect(cell.day?.rejects.length).toBeLessThanOrEqual(100);
    expect(cell.day?.rejects.at(-1)?.code).toBe("499");
  });
});
