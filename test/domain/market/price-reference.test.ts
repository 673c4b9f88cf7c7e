import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterPrice,
  type PriceObservation,
  type PriceReference,
  type ReferenceStep,
} from "../../../shared/domain/market/price-reference.ts";
import { priceFromUnits, type Price } from "../../../shared/domain/market/price.ts";
import type { VendorName } from "../../../shared/domain/market/quote.ts";
import { DEFAULT_VALIDATION_POLICY } from "../../../shared/domain/market/validate-quote.ts";

const policy = DEFAULT_VALIDATION_POLICY;
const MONDAY_NOON_MS = Date.UTC(2013, 9, 7, 16);
const TUESDAY_OPEN_MS = Date.UTC(2013, 9, 8, 13, 30);
const MINUTE_MS = 60_000;

const priceOf = (usd: number): Price => priceFromUnits(Math.round(usd * 10_000))!;

const observe = (
  usd: number,
  exchangeTimeMs: number,
  source: VendorName = "alpaca",
  previousCloseUsd?: number,
): PriceObservation => ({
  mid: priceOf(usd),
  source,
  exchangeTimeMs,
  previousClose: previousCloseUsd === undefined ? undefined : priceOf(previousCloseUsd),
});

/** Feeds one observation after another and gives every step. */
const feed = (
  observations: readonly PriceObservation[],
  from?: PriceReference,
): readonly ReferenceStep[] => {
  const steps: ReferenceStep[] = [];
  let reference = from;
  for (const observation of observations) {
    const step = afterPrice(reference, observation, policy);
    steps.push(step);
    reference = step.reference;
  }
  return steps;
};

const at100: PriceReference = {
  mid: priceOf(100),
  exchangeTimeMs: MONDAY_NOON_MS,
  candidate: undefined,
};

const usd = fc.double({ min: 1, max: 10_000, noNaN: true });
const sources = fc.constantFrom<VendorName>("alpaca", "polygon", "yahoo", "tiingo");

describe("the reference of a symbol's price", () => {
  it("moves only to a price that is accepted, and never by a held one", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(usd, sources, fc.nat({ max: 600_000 }))), (ticks) => {
        let reference: PriceReference | undefined = at100;
        for (const [price, source, ageMs] of ticks) {
          const observation = observe(price, MONDAY_NOON_MS + ageMs, source);
          const { reference: next, move }: ReferenceStep = afterPrice(
            reference,
            observation,
            policy,
          );
          if (move.type === "held") expect(next.mid).toBe(reference.mid);
          else expect([observation.mid, reference.mid]).toContain(next.mid);
          expect(next.exchangeTimeMs).toBeGreaterThanOrEqual(reference.exchangeTimeMs);
          reference = next;
        }
      }),
    );
  });

  it("never latches: whatever came before, a lasting price is believed within its bound", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(usd, sources), { maxLength: 30 }),
        usd,
        fc.array(fc.double({ min: 0.96, max: 1.04, noNaN: true }), {
          minLength: 4,
          maxLength: 4,
        }),
        (before, price, noise) => {
          const history = before.map(([past, source], index) =>
            observe(past, MONDAY_NOON_MS + index * 1_000, source),
          );
          const reference = feed(history, at100).at(-1)?.reference ?? at100;
          const lasting = noise.map((factor, index) =>
            observe(price * factor, MONDAY_NOON_MS + (index + 1) * MINUTE_MS, "alpaca"),
          );
          expect(feed(lasting, reference).at(-1)!.move.type).not.toBe("held");
        },
      ),
    );
  });

  it("is not moved by a bad tick between good ones, however often it comes", () => {
    const ticks = Array.from({ length: 40 }, (_, index) =>
      observe(index % 2 === 0 ? 150 : 100.5, MONDAY_NOON_MS + (index + 1) * MINUTE_MS),
    );
    for (const [index, { move, reference }] of feed(ticks, at100).entries()) {
      expect(move.type).toBe(index % 2 === 0 ? "held" : "withinLimit");
      expect(reference.mid).toBeLessThanOrEqual(priceOf(100.5));
    }
  });

  it("does not take the same quote, seen again, for a second observation", () => {
    const same = Array.from({ length: 50 }, () => observe(150, MONDAY_NOON_MS + MINUTE_MS));
    for (const { move } of feed(same, at100)) {
      expect(move).toEqual({ type: "held", observations: 1 });
    }
  });

  it("believes a jump at once when a second vendor agrees", () => {
    const later = MONDAY_NOON_MS + 1_000;
    const [first, second] = feed(
      [observe(150, later, "alpaca"), observe(150.5, later, "polygon")],
      at100,
    );
    expect(first!.move.type).toBe("held");
    expect(second!.move).toEqual({ type: "confirmedBySource", sources: ["alpaca", "polygon"] });
    expect(second!.reference.mid).toBe(priceOf(150.5));
  });

  it("does not believe two vendors that jump to different prices", () => {
    const later = MONDAY_NOON_MS + 1_000;
    const steps = feed([observe(150, later, "alpaca"), observe(157, later, "polygon")], at100);
    expect(steps.map(({ move }) => move.type)).toEqual(["held", "held"]);
  });

  it("believes a jump of one vendor once it has lasted a minute", () => {
    const ticks = [1, 31, 61].map((second) => observe(150, MONDAY_NOON_MS + second * 1_000));
    expect(feed(ticks, at100).map(({ move }) => move.type)).toEqual([
      "held",
      "held",
      "confirmedByPersistence",
    ]);
  });

  it("holds a first price that is far from the vendor's previous close", () => {
    const [bad, good] = feed([
      observe(9, TUESDAY_OPEN_MS, "alpaca", 100),
      observe(101, TUESDAY_OPEN_MS + 1, "alpaca", 100),
    ]);
    expect(bad!.move.type).toBe("held");
    expect(good!.move.type).toBe("withinLimit");
  });

  it("is not taken back in time by a price that arrives late", () => {
    const [step] = feed([observe(99, MONDAY_NOON_MS - 5_000)], at100);
    expect(step!.move.type).toBe("withinLimit");
    expect(step!.reference).toBe(at100);
  });
});

describe("a split over night (story 15)", () => {
  const ratios = fc.constantFrom([2, 1], [3, 1], [7, 1], [10, 1], [3, 2], [1, 8], [1, 20]);

  it("is recognised when the vendor's previous close shows the ratio too", () => {
    fc.assert(
      fc.property(
        ratios,
        fc.double({ min: 60, max: 400, noNaN: true }),
        fc.double({ min: 0.96, max: 1.04, noNaN: true }),
        ([newShares, oldShares], price, overNight) => {
          const close = (price * oldShares) / newShares;
          const before = { ...at100, mid: priceOf(price) };
          const [step] = feed(
            [observe(close * overNight, TUESDAY_OPEN_MS, "polygon", close)],
            before,
          );
          expect(step!.move).toEqual({ type: "split", newShares, oldShares });
        },
      ),
    );
  });

  it("is not what a crash to half the price is: the previous close stays where it was", () => {
    const [step] = feed([observe(50, TUESDAY_OPEN_MS, "polygon", 100)], at100);
    expect(step!.move.type).toBe("held");
  });

  it("does not happen during a session", () => {
    const [step] = feed([observe(50, MONDAY_NOON_MS + MINUTE_MS, "polygon", 50)], at100);
    expect(step!.move.type).toBe("held");
  });

  it("does not refuse later prices for ever when no vendor shows it", () => {
    const ticks = [0, 1, 2].map((minute) => observe(10, TUESDAY_OPEN_MS + minute * MINUTE_MS));
    expect(feed(ticks, at100).at(-1)!.move.type).toBe("confirmedByPersistence");
  });
});
