import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSilenced } from "../../../shared/domain/alerts/quiet-hours.ts";

const HOUR_MS = 3_600_000;
/** 12:00 in New York. */
const NOON_MS = Date.UTC(2026, 5, 1, 16);
const NIGHT = { startsAtMs: 22 * HOUR_MS, endsAtMs: 7 * HOUR_MS };
const anyHours = fc.record({
  startsAtMs: fc.integer({ min: 0, max: 24 * HOUR_MS - 1 }),
  endsAtMs: fc.integer({ min: 0, max: 24 * HOUR_MS - 1 }),
});

describe("quiet hours", () => {
  it("never silence what is critical, however they are set", () => {
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 0, max: 30 * 24 }), (quietHours, hours) => {
        expect(isSilenced("critical", NOON_MS + hours * HOUR_MS, quietHours)).toBe(false);
      }),
    );
  });

  it("end each day, unless they are the whole day", () => {
    fc.assert(
      fc.property(anyHours, (quietHours) => {
        const minutes = Array.from({ length: 24 * 60 }, (_, minute) =>
          isSilenced("error", NOON_MS + minute * 60_000 + 30_000, quietHours),
        );
        const isWholeDay = quietHours.startsAtMs === quietHours.endsAtMs;
        const lengthMs =
          (quietHours.endsAtMs - quietHours.startsAtMs + 24 * HOUR_MS) % (24 * HOUR_MS);
        const share = minutes.filter(Boolean).length / minutes.length;
        expect(Math.abs(share - (isWholeDay ? 1 : lengthMs / (24 * HOUR_MS)))).toBeLessThan(0.002);
      }),
    );
  });

  it("last over midnight, by New York's clocks", () => {
    const at = (hour: number): boolean =>
      isSilenced("warning", NOON_MS + (hour - 12) * HOUR_MS, NIGHT);
    expect([21, 22, 24, 30, 31, 36].map((hour) => at(hour))).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isSilenced("warning", NOON_MS, undefined)).toBe(false);
  });
});
