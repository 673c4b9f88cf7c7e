import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshnessOf } from "../../../shared/domain/signals/freshness.ts";

const NOW_MS = Date.UTC(2013, 9, 7, 15);
const MINUTE_MS = 60_000;
const agesMs = fc.nat({ max: 24 * 60 * MINUTE_MS });

describe("freshness", () => {
  it("falls with age, between 1 and 0.1", () => {
    fc.assert(
      fc.property(agesMs, agesMs, (ageMs, moreMs) => {
        const younger = freshnessOf(NOW_MS - ageMs, NOW_MS);
        const older = freshnessOf(NOW_MS - ageMs - moreMs, NOW_MS);
        expect(older).toBeLessThanOrEqual(younger);
        expect(older).toBeGreaterThanOrEqual(0.1);
        expect(younger).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("depends on the age alone, never on when somebody looks", () => {
    fc.assert(
      fc.property(agesMs, fc.nat({ max: 1e12 }), (ageMs, shiftMs) => {
        expect(freshnessOf(NOW_MS - ageMs + shiftMs, NOW_MS + shiftMs)).toBe(
          freshnessOf(NOW_MS - ageMs, NOW_MS),
        );
      }),
    );
  });

  it.each([
    [0, 1],
    [45, Math.exp(-1)],
    [62, 0.252],
    [120, 0.1],
  ])("after %d minutes is %d", (minutes, freshness) => {
    expect(freshnessOf(NOW_MS - minutes * MINUTE_MS, NOW_MS)).toBeCloseTo(freshness, 3);
  });

  it("is none without a time stamp, with an absurd one, or with one from the future", () => {
    for (const observedAtMs of [undefined, Number.NaN, -Infinity, NOW_MS + 5_001]) {
      expect(freshnessOf(observedAtMs, NOW_MS)).toBe(0);
    }
    expect(freshnessOf(NOW_MS + 5_000, NOW_MS)).toBe(1);
  });
});
