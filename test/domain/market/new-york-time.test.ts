import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMsToNewYork, newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";

const format = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

const intlNewYork = (epochMs: number): { date: string; msOfDay: number } => {
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const seconds = (number("hour") * 60 + number("minute")) * 60 + number("second");
  return {
    date: `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`,
    msOfDay: seconds * 1_000 + (epochMs % 1_000),
  };
};

const moments = fc.integer({ min: Date.UTC(1998, 0, 1), max: Date.UTC(2041, 0, 1) - 1 });

describe("New York time", () => {
  it("agrees with the time zone database at any moment from 1998 to 2040", () => {
    fc.assert(
      fc.property(moments, (epochMs) => {
        const { date, msOfDay, weekday } = epochMsToNewYork(epochMs);
        expect({ date, msOfDay }).toEqual(intlNewYork(epochMs));
        expect(weekday).toBe(new Date(date).getUTCDay());
      }),
      { numRuns: 2_000 },
    );
  });

  it("agrees with it in every hour around every change of the clocks", () => {
    const hourMs = 3_600_000;
    for (let year = 1998; year <= 2040; year++) {
      const changes = [];
      for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 24 * hourMs) {
        const before = intlNewYork(ms).msOfDay;
        if (before !== intlNewYork(ms + 24 * hourMs).msOfDay) changes.push(ms);
      }
      expect(changes).toHaveLength(2);
      for (const change of changes) {
        for (let ms = change; ms <= change + 24 * hourMs; ms += hourMs) {
          for (const moment of [ms - 1, ms]) {
            const { date, msOfDay } = epochMsToNewYork(moment);
            expect({ date, msOfDay }).toEqual(intlNewYork(moment));
          }
        }
      }
    }
  });

  it("turns back into the moment, except in the second pass of a repeated hour", () => {
    fc.assert(
      fc.property(moments, (epochMs) => {
        const { date, msOfDay } = epochMsToNewYork(epochMs);
        const back = newYorkToEpochMs(date, msOfDay);
        expect([0, 3_600_000]).toContain(epochMs - back);
        expect(epochMsToNewYork(back)).toMatchObject({ date, msOfDay });
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes a time that the clocks skip as long after the change", () => {
    const halfPastTwo = 2.5 * 3_600_000;
    const epochMs = newYorkToEpochMs(parseSessionDate("2026-03-08")!, halfPastTwo);
    expect(epochMsToNewYork(epochMs).msOfDay).toBe(halfPastTwo + 3_600_000);
  });
});
