import {
  civilToDayNumber,
  dayNumberToSessionDate,
  dayNumberToWeekday,
  type SessionDate,
  type Weekday,
} from "./session-date.ts";

/** What is out of the ordinary in a year of the New York Stock Exchange, exact from 1998 on. */
export type ExchangeYear = {
  /** Weekdays on which there is no session. */
  readonly closures: ReadonlySet<SessionDate>;
  /** Days whose session ends at 13:00. */
  readonly halfDays: ReadonlySet<SessionDate>;
};

/** The closures and half days of a year, by the rules of the exchange (its Rule 7.2). */
export const exchangeYear = (year: number): ExchangeYear => {
  const closures = new Set<SessionDate>();
  for (const dayNumber of holidayNumbers(year)) {
    if (dayNumber !== undefined) closures.add(dayNumberToSessionDate(dayNumber));
  }
  for (const date of EXTRAORDINARY_CLOSURES) {
    if (Number(date.slice(0, 4)) === year) closures.add(date);
  }
  const halfDays = new Set<SessionDate>();
  for (const dayNumber of halfDayNumbers(year)) {
    const date = dayNumberToSessionDate(dayNumber);
    if (isWeekday(dayNumber) && !closures.has(date)) halfDays.add(date);
  }
  return { closures, halfDays };
};

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;

const holidayNumbers = (year: number): readonly (number | undefined)[] => [
  newYearsDay(year),
  nthWeekday(year, 1, MONDAY, 3), // Martin Luther King Jr. Day, kept since 1998
  nthWeekday(year, 2, MONDAY, 3), // Washington's Birthday
  easterSunday(year) - 2, // Good Friday
  nthWeekday(year, 6, MONDAY, 1) - 7, // Memorial Day, the last Monday of May
  year >= 2022 ? observed(civilToDayNumber(year, 6, 19)) : undefined, // Juneteenth
  observed(civilToDayNumber(year, 7, 4)),
  nthWeekday(year, 9, MONDAY, 1), // Labor Day
  thanksgiving(year),
  observed(civilToDayNumber(year, 12, 25)),
];

/** Days on which the exchange stayed shut for a cause, beyond its holidays. */
const EXTRAORDINARY_CLOSURES = [
  "2001-09-11", // the attacks of September 11
  "2001-09-12",
  "2001-09-13",
  "2001-09-14",
  "2004-06-11", // the funeral of President Reagan
  "2007-01-02", // the funeral of President Ford
  "2012-10-29", // Hurricane Sandy
  "2012-10-30",
  "2018-12-05", // the funeral of President G. H. W. Bush
  "2025-01-09", // the funeral of President Carter
] as readonly string[] as readonly SessionDate[];

const halfDayNumbers = (year: number): readonly number[] => [
  thanksgiving(year) + 1,
  civilToDayNumber(year, 12, 24),
  independenceHalfDay(year),
  // Decided for that year alone.
  ...(year === 1999 ? [civilToDayNumber(1999, 12, 31)] : []),
  ...(year === 2003 ? [civilToDayNumber(2003, 12, 26)] : []),
];

/** The half day around July 4; a day that is no weekday or is a closure does not count. */
const independenceHalfDay = (year: number): number => {
  const holiday = civilToDayNumber(year, 7, 4);
  const isThursday = dayNumberToWeekday(holiday) === THURSDAY;
  // Until 2012 a Thursday's holiday shortened the Friday after it.
  return isThursday && year < 2013 ? holiday + 1 : holiday - 1;
};

/** New Year's Day; on a Saturday it is not kept, so that the old year ends on its last weekday. */
const newYearsDay = (year: number): number | undefined => {
  const dayNumber = civilToDayNumber(year, 1, 1);
  return dayNumberToWeekday(dayNumber) === SATURDAY ? undefined : observed(dayNumber);
};

const observed = (dayNumber: number): number => {
  const weekday = dayNumberToWeekday(dayNumber);
  if (weekday === SATURDAY) return dayNumber - 1;
  return weekday === SUNDAY ? dayNumber + 1 : dayNumber;
};

const thanksgiving = (year: number): number => nthWeekday(year, 11, THURSDAY, 4);

const nthWeekday = (year: number, month: number, weekday: Weekday, nth: number): number => {
  const first = civilToDayNumber(year, month, 1);
  return first + ((weekday - dayNumberToWeekday(first) + 7) % 7) + 7 * (nth - 1);
};

const isWeekday = (dayNumber: number): boolean => {
  const weekday = dayNumberToWeekday(dayNumber);
  return weekday !== SATURDAY && weekday !== SUNDAY;
};

/**
 * Easter of the Gregorian calendar: the Sunday after the full moon on or after March 21, by the
 * church's tables (golden number, century's corrections, epact).
 */
const easterSunday = (year: number): number => {
  const century = Math.floor(year / 100);
  const leapCorrection = century - Math.floor(century / 4);
  const moonCorrection = Math.floor((century - Math.floor((century - 17) / 25)) / 3);
  const yearOfMoonCycle = year % 19;
  const epact = (leapCorrection - moonCorrection + 19 * yearOfMoonCycle + 15) % 30;
  // Two exceptions keep the full moon within the 29 days that the tables allow it.
  const isLate = epact === 29 || (epact === 28 && yearOfMoonCycle > 10);
  const fullMoon = civilToDayNumber(year, 3, 21) + epact - (isLate ? 1 : 0);
  return fullMoon + (7 - dayNumberToWeekday(fullMoon));
};
