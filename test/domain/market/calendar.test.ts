import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import {
  marketPhase,
  nextSession,
  previousSession,
  sessionOf,
} from "../../../shared/domain/market/calendar.ts";
import {
  addDays,
  dayNumberToSessionDate,
  nextDate,
  parseSessionDate,
  weekdayOf,
  type SessionDate,
} from "../../../shared/domain/market/session-date.ts";
import { newYorkToEpochMs } from "../../../shared/domain/market/new-york-time.ts";

const dateOf = (text: string): SessionDate => parseSessionDate(text)!;

const datesOf = (year: number): SessionDate[] => {
  const dates = [];
  for (let date = dateOf(`${year}-01-01`); date < `${year + 1}-01-01`; date = nextDate(date)) {
    dates.push(date);
  }
  return dates;
};

const closedWeekdaysOf = (year: number): string[] =>
  datesOf(year).filter(
    (date) => sessionOf(date) === undefined && weekdayOf(date) !== 0 && weekdayOf(date) !== 6,
  );

const halfDaysOf = (year: number): string[] =>
  datesOf(year).filter((date) => sessionOf(date)?.isHalfDay === true);

const at = (date: string, hour: number, minute = 0): number =>
  newYorkToEpochMs(dateOf(date), (hour * 60 + minute) * 60_000);

const opensAt = (date: string): string =>
  new Date(sessionOf(dateOf(date))!.opensAtMs).toISOString();

describe("the calendar of the exchange", () => {
  it.each([
    [
      2012,
      "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25",
      "07-03 11-23 12-24",
    ],
    [2013, "01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"],
    [2018, "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25", "07-03 11-23 12-24"],
    [2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26"],
    [2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25"],
    [2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"],
    [
      2025,
      "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
      "07-03 11-28 12-24",
    ],
    [2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24"],
    [2002, "01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25", "07-05 11-29 12-24"],
  ])("has the closures and half days of %i", (year, closures, halfDays) => {
    const inYear = (days: string): string[] => days.split(" ").map((day) => `${year}-${day}`);
    expect(closedWeekdaysOf(year)).toEqual(inYear(closures));
    expect(halfDaysOf(year)).toEqual(inYear(halfDays));
  });

  const daily = ["spy", "aapl"].map(
    (symbol) =>
      [symbol, new URL(`../../../../shared/data/daily/${symbol}.zip`, import.meta.url)] as const,
  );
  it.skipIf(!daily.every(([, file]) => existsSync(file))).each(daily)(
    "has a session on exactly the days of %s's daily bars (needs ../shared/data)",
    (_symbol, file) => {
      const [csv] = Object.values(unzipSync(readFileSync(file)));
      const days = strFromU8(csv!)
        .trim()
        .split("\n")
        .map((row) => `${row.slice(0, 4)}-${row.slice(4, 6)}-${row.slice(6, 8)}`);
      const sessions: string[] = [];
      const last = days.at(-1)!;
      for (let date = dateOf(days[0]!); date <= last; date = nextDate(date)) {
        if (sessionOf(date) !== undefined) sessions.push(date);
      }
      expect(sessions).toEqual(days);
    },
  );

  const dates = fc.integer({ min: 10_228, max: 47_481 }).map(dayNumberToSessionDate);

  it("leads from each session to the next and back, never more than six days away", () => {
    fc.assert(
      fc.property(dates, (date) => {
        const next = nextSession(date);
        expect(next.date > date && next.date <= addDays(date, 7)).toBe(true);
        const session = sessionOf(date);
        if (session !== undefined) expect(previousSession(next.date)).toEqual(session);
        else expect(previousSession(next.date).date < date).toBe(true);
      }),
    );
  });

  it("gives the same answers in whatever order it is asked", () => {
    fc.assert(
      fc.property(fc.array(dates, { maxLength: 8 }), dates, (before, date) => {
        const noon = at(date, 12);
        const first = marketPhase(noon);
        for (const other of before) marketPhase(at(other, 12));
        expect(marketPhase(noon)).toEqual(first);
        expect(first.session).toEqual(sessionOf(date));
        expect(first.phase === "open").toBe(first.session !== undefined);
      }),
    );
  });
});

describe("the market's phase", () => {
  const NOON_MS = at("2013-10-07", 12);

  it.each([
    ["2013-10-07", 3, 59, "closed"],
    ["2013-10-07", 4, 0, "preMarket"],
    ["2013-10-07", 9, 29, "preMarket"],
    ["2013-10-07", 9, 30, "open"],
    ["2013-10-07", 15, 59, "open"],
    ["2013-10-07", 16, 0, "afterHours"],
    ["2013-10-07", 20, 0, "closed"],
    ["2024-07-03", 12, 59, "open"],
    ["2024-07-03", 13, 0, "afterHours"],
    ["2024-07-03", 17, 0, "closed"],
    ["2024-07-04", 12, 0, "closed"],
    ["2024-07-06", 12, 0, "closed"],
  ])("on %s at %i:%i is %s", (date, hour, minute, phase) => {
    expect(marketPhase(at(date, hour, minute)).phase).toBe(phase);
  });

  it("follows the clocks: the open moves by an hour of UTC when they change", () => {
    expect(opensAt("2026-03-06")).toBe("2026-03-06T14:30:00.000Z");
    expect(opensAt("2026-03-09")).toBe("2026-03-09T13:30:00.000Z");
    expect(opensAt("2026-10-30")).toBe("2026-10-30T13:30:00.000Z");
    expect(opensAt("2026-11-02")).toBe("2026-11-02T14:30:00.000Z");
    expect(opensAt("2006-10-30")).toBe("2006-10-30T14:30:00.000Z");
  });

  it("is closed at what is no moment, such as a time stamp in nanoseconds", () => {
    for (const moment of [Number.NaN, Infinity, -1, -8.64e15 - 1, NOON_MS * 1e6]) {
      expect(marketPhase(moment)).toEqual({ phase: "closed", session: undefined });
    }
    expect(marketPhase(NOON_MS).phase).toBe("open");
  });

  it("is closed on the Sunday on which the clocks change, in each of its hours", () => {
    for (const date of ["2026-03-08", "2026-11-01"]) {
      for (let hour = 0; hour < 24; hour++)
        expect(marketPhase(at(date, hour)).phase).toBe("closed");
    }
  });
});
