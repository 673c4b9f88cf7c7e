declare const sessionDateBrand: unique symbol;

/** A calendar date in New York, `"2013-10-07"`, in the years 1970 to 2199. Sorts as text. */
export type SessionDate = string & { readonly [sessionDateBrand]: true };

/** A day of the week, counted from 0 for Sunday to 6 for Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const PATTERN = /^(19[7-9]\d|2[01]\d\d)-(\d\d)-(\d\d)$/;
const MS_PER_DAY = 86_400_000;

/** Reads `"2013-10-07"`; `undefined` if it is not a date that exists. */
export const parseSessionDate = (text: string): SessionDate | undefined => {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1) return undefined;
  // By numbers alone: every cell that is read holds a date, and writing one again costs the most.
  const days = civilToDayNumber(year, month + 1, 1) - civilToDayNumber(year, month, 1);
  return day <= days ? (text as SessionDate) : undefined;
};

/** Negative, zero or positive as `left` is before, equal to or after `right`. */
export const compareSessionDates = (left: SessionDate, right: SessionDate): number =>
  left === right ? 0 : left < right ? -1 : 1;

/** The date `days` later, or earlier if negative. */
export const addDays = (date: SessionDate, days: number): SessionDate =>
  dayNumberToSessionDate(sessionDateToDayNumber(date) + days);

/** The date that follows. */
export const nextDate = (date: SessionDate): SessionDate => addDays(date, 1);

/** The day of the week of a date. */
export const weekdayOf = (date: SessionDate): Weekday =>
  dayNumberToWeekday(sessionDateToDayNumber(date));

/** Days since 1970-01-01, by the calendar alone. */
export const sessionDateToDayNumber = (date: SessionDate): number =>
  civilToDayNumber(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)));

/** The date that is `dayNumber` days after 1970-01-01. */
export const dayNumberToSessionDate = (dayNumber: number): SessionDate =>
  new Date(dayNumber * MS_PER_DAY).toISOString().slice(0, 10) as SessionDate;

/** The day of the week of a count of days since 1970-01-01, which was a Thursday. */
export const dayNumberToWeekday = (dayNumber: number): Weekday =>
  ((((dayNumber + 4) % 7) + 7) % 7) as Weekday;

/** Days from 1970-01-01 to a year, a month from 1 and a day of the month; days overflow months. */
export const civilToDayNumber = (year: number, month: number, day: number): number =>
  Date.UTC(year, month - 1, 1) / MS_PER_DAY + day - 1;
