import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { splitDoubtOf, type SplitQuestion } from "../../../shared/domain/risk/split-doubt.ts";
import { DATE } from "../../fixtures/orders.ts";

const SESSION = sessionOf(DATE)!;
const OPEN_MS = SESSION.opensAtMs;
const NIGHT_MS = OPEN_MS - 12 * 3_600_000;

const question = (change: Partial<SplitQuestion> = {}): SplitQuestion => ({
  position: { averagePrice: 7_000_000 as Price, openedAtMs: NIGHT_MS - 3_600_000 },
  positionReadAtMs: NIGHT_MS,
  quote: { mid: 1_000_000 as Price, exchangeTimeMs: OPEN_MS + 1_000 },
  session: SESSION,
  nowMs: OPEN_MS + 2_000,
  ...change,
});

describe("the doubt that price and position stand on two sides of a split", () => {
  it("is there when the price is today's and the position is yesterday's", () => {
    expect(splitDoubtOf(question())).toBe("position");
  });

  it("is over once the position was read today, whatever the price is then: a crash is a stop", () => {
    expect(splitDoubtOf(question({ positionReadAtMs: OPEN_MS + 500 }))).toBe("none");
  });

  it("takes no price of yesterday for a position of today", () => {
    const quote = { mid: 49_000_000 as Price, exchangeTimeMs: NIGHT_MS };
    expect(splitDoubtOf(question({ quote, positionReadAtMs: OPEN_MS }))).toBe("price");
    expect(splitDoubtOf(question({ quote }))).toBe("none");
  });

  it("never holds an exit back for longer than five minutes after the open", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5 * 60_000, max: 390 * 60_000 }),
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.option(fc.integer({ min: NIGHT_MS, max: OPEN_MS - 1 }), { nil: undefined }),
        (sinceMs, mid, positionReadAtMs) => {
          const quote = { mid: mid as Price, exchangeTimeMs: OPEN_MS + sinceMs };
          const asked = question({ quote, positionReadAtMs, nowMs: OPEN_MS + sinceMs });
          expect(splitDoubtOf(asked)).toBe("none");
        },
      ),
    );
  });

  it("never touches what was opened today, nor a price that moved less than a split moves it", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.84, max: 1.19, noNaN: true }), (factor) => {
        const near = { mid: Math.round(7_000_000 * factor) as Price, exchangeTimeMs: OPEN_MS };
        expect(splitDoubtOf(question({ quote: near }))).toBe("none");
        const position = { averagePrice: 7_000_000 as Price, openedAtMs: OPEN_MS };
        expect(splitDoubtOf(question({ position }))).toBe("none");
      }),
    );
  });
});
