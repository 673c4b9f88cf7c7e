import {
  civilToDayNumber,
  dayNumberToSessionDate,
  dayNumberToWeekday,
  sessionDateToDayNumber,
  type SessionDate,
  type Weekday,
} from "./session-date.ts";

/** A moment as New York's clocks show it; `msOfDay` is what they show, in ms since 00:00. */
export type NewYorkTime = {
  readonly date: SessionDate;
  readonly msOfDay: number;
  readonly weekday: Weekday;
};

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const STANDARD_OFFSET_MS = -5 * MS_PER_HOUR;
const DAYLIGHT_OFFSET_MS = -4 * MS_PER_HOUR;

/**
 * The moment at which New York's clocks show `msOfDay` on `date`. An hour that a clock change
 * repeats means its first pass; a time that it skips means as long after the change.
 */
export const newYorkToEpochMs = (date: SessionDate, msOfDay: number): number => {
  const wallMs = sessionDateToDayNumber(date) * MS_PER_DAY + msOfDay;
  const { startDay, endDay } = daylightOf(Number(date.slice(0, 4)));
  // Clocks go from 02:00 to 03:00 in spring, and from 02:00 back to 01:00 in autumn.
  const isDaylight =
    wallMs >= startDay * MS_PER_DAY + 3 * MS_PER_HOUR &&
    wallMs < endDay * MS_PER_DAY + 2 * MS_PER_HOUR;
  return wallMs - (isDaylight ? DAYLIGHT_OFFSET_MS : STANDARD_OFFSET_MS);
};

/** What New York's clocks show at `epochMs`; exact from 1987 on, by the rules now in law. */
export const epochMsToNewYork = (epochMs: number): NewYorkTime => {
  const wallMs = epochMs + newYorkOffsetMs(epochMs);
  const dayNumber = Math.floor(wallMs / MS_PER_DAY);
  return {
    date: dateOf(dayNumber),
    msOfDay: wallMs - dayNumber * MS_PER_DAY,
    weekday: dayNumberToWeekday(dayNumber),
  };
};

const newYorkOffsetMs = (epochMs: number): number => {
  const daylight = daylightAt(epochMs);
  // 02:00 standard time is 07:00 UTC; 02:00 daylight time is 06:00 UTC.
  const startsAtMs = daylight.startDay * MS_PER_DAY + 7 * MS_PER_HOUR;
  const endsAtMs = daylight.endDay * MS_PER_DAY + 6 * MS_PER_HOUR;
  return epochMs >= startsAtMs && epochMs < endsAtMs ? DAYLIGHT_OFFSET_MS : STANDARD_OFFSET_MS;
};

type DaylightTime = {
  readonly year: number;
  readonly yearStartsAtMs: number;
  readonly yearEndsAtMs: number;
  readonly startDay: number;
  readonly endDay: number;
};

/** The first and last day of daylight time, as days since 1970-01-01 (both are Sundays). */
const computeDaylight = (year: number): DaylightTime => ({
  year,
  yearStartsAtMs: Date.UTC(year, 0, 1),
  yearEndsAtMs: Date.UTC(year + 1, 0, 1),
  // Energy Policy Act of 2005: from 2007, second Sunday of March to first Sunday of November.
  // Before, from 1987: first Sunday of April to last Sunday of October.
  startDay: year >= 2007 ? sundayOnOrAfter(year, 3, 8) : sundayOnOrAfter(year, 4, 1),
  endDay: year >= 2007 ? sundayOnOrAfter(year, 11, 1) : sundayOnOrAfter(year, 10, 25),
});

const sundayOnOrAfter = (year: number, month: number, day: number): number => {
  const dayNumber = civilToDayNumber(year, month, day);
  return dayNumber + ((7 - dayNumberToWeekday(dayNumber)) % 7);
};

// Quotes come in the order of time, so that remembering the last answer saves nearly all the work.
let lastDaylight = computeDaylight(2013);
let lastDayNumber = 0;
let lastDate = dayNumberToSessionDate(0);

const daylightOf = (year: number): DaylightTime => {
  if (lastDaylight.year !== year) lastDaylight = computeDaylight(year);
  return lastDaylight;
};

const daylightAt = (epochMs: number): DaylightTime =>
  epochMs >= lastDaylight.yearStartsAtMs && epochMs < lastDaylight.yearEndsAtMs
    ? lastDaylight
    : daylightOf(new Date(epochMs).getUTCFullYear());

const dateOf = (dayNumber: number): SessionDate => {
  if (dayNumber !== lastDayNumber) {
    lastDate = dayNumberToSessionDate(dayNumber);
    lastDayNumber = dayNumber;
  }
  return lastDate;
};
