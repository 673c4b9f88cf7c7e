import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  compareSessionDates,
  dayNumberToSessionDate,
  dayNumberToWeekday,
  nextDate,
  parseSessionDate,
  sessionDateToDayNumber,
  weekdayOf,
} from "../../../shared/domain/market/session-date.ts";

/** 1970-01-01 to 2199-12-31. */
const dayNumbers = fc.integer({ min: 0, max: 84_005 });

describe("a session date", () => {
  it("and the number of its day are one and the same", () => {
    fc.assert(
      fc.property(dayNumbers, (dayNumber) => {
        const date = dayNumberToSessionDate(dayNumber);
        expect(sessionDateToDayNumber(date)).toBe(dayNumber);
        expect(parseSessionDate(date)).toBe(date);
        expect(weekdayOf(date)).toBe(new Date(date).getUTCDay());
      }),
    );
  });

  it("is ordered as its day numbers are, and days add up", () => {
    fc.assert(
      fc.property(dayNumbers, dayNumbers, (left, right) => {
        const from = dayNumberToSessionDate(left);
        const to = dayNumberToSessionDate(right);
        expect(Math.sign(compareSessionDates(from, to))).toBe(Math.sign(left - right));
        expect(addDays(from, right - left)).toBe(to);
      }),
    );
  });

  it.each(["2026-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "20260101", "1969-12-31", ""])(
    "refuses %j",
    (text) => {
      expect(parseSessionDate(text)).toBeUndefined();
    },
  );

  it("goes on over the ends of months and leap days", () => {
    expect(nextDate(parseSessionDate("2024-02-28")!)).toBe("2024-02-29");
    expect(nextDate(parseSessionDate("2025-12-31")!)).toBe("2026-01-01");
    expect(dayNumberToWeekday(-1)).toBe(3);
  });
});
