const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 1_440;
/** `2024-03-04T15:00:00`, the part that every time has. */
const SECONDS_END = 19;
const FRACTION_DIGITS_MAX = 9;

/**
 * Reads an RFC 3339 time, down to nanoseconds, as epoch ms (what is finer is cut off); `undefined`
 * if it is not one, has no offset, or is no moment that exists. No pattern, no date object and no
 * part of the text is made, because every quote has a time.
 */
export const parseTimestamp = (text: string): number | undefined => {
  if (text.length <= SECONDS_END || !hasMarks(text)) return undefined;
  const day = dayOf(text);
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  // The sign bit of any of them says that it is not there.
  if ((hour | minute | second | (23 - hour) | (59 - minute) | (59 - second)) < 0) return undefined;
  if (day === NONE) return undefined;
  let ms = 0;
  let at = SECONDS_END;
  let code = text.charCodeAt(at);
  if (code === POINT) {
    const end = Math.min(text.length, SECONDS_END + 2 + FRACTION_DIGITS_MAX);
    let weight = 100;
    for (at++; at < end; at++) {
      code = text.charCodeAt(at);
      if (code < ZERO || code > ZERO + 9) break;
      ms += (code - ZERO) * weight;
      // What is finer than a millisecond weighs nothing.
      weight = weight === 100 ? 10 : weight === 10 ? 1 : 0;
    }
    if (at === SECONDS_END + 1 || at === end) return undefined;
  }
  const isUtc = code === Z && text.length === at + 1;
  const offsetMinutes = isUtc ? 0 : offsetAt(text, at, code);
  if (offsetMinutes === NONE) return undefined;
  const minutes = day * MINUTES_PER_DAY + hour * 60 + minute - offsetMinutes;
  return minutes * MS_PER_MINUTE + second * 1_000 + ms;
};

// The times of one answer share their day, which is then worked out once.
let lastDate = -1;
let lastDay = 0;

/** Days since 1970 of `2024-03-04`. */
const dayOf = (text: string): number => {
  const century = pair(text, 0);
  const yearOfCentury = pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  if ((century | yearOfCentury | month | day) < 0) return NONE;
  const date = ((century * 100 + yearOfCentury) * 100 + month) * 100 + day;
  if (date === lastDate) return lastDay;
  const dayNumber = dayNumberOfDate(century * 100 + yearOfCentury, month, day);
  if (dayNumber === NONE) return NONE;
  lastDate = date;
  lastDay = dayNumber;
  return dayNumber;
};

/** Stands for "not there" among whole numbers: the functions below give nothing else. */
const NONE = -1_000_000_000;
const DASH = 45;
const PLUS = 43;
const POINT = 46;
const COLON = 58;
const SPACE = 32;
const T = 84;
const Z = 90;
const ZERO = 48;
/** What makes a letter of ASCII small. */
const SMALL = 32;

const hasMarks = (text: string): boolean => {
  const between = text.charCodeAt(10);
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    (between === T || between === T + SMALL || between === SPACE) &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
};

/** Two digits as a number; negative if they are not. Both places must be within the text. */
const pair = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  // The sign bit of any of the four says that a character is no digit.
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? NONE : tens * 10 + ones;
};

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const dayNumberOfDate = (year: number, month: number, day: number): number => {
  if (month < 1 || month > 12 || day < 1) return NONE;
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = (DAYS_OF_MONTH[month - 1] ?? 0) + (month === 2 && isLeapYear ? 1 : 0);
  return day <= days ? dayNumberOf(year, month, day) : NONE;
};

/** Days since 1970-01-01 in the Gregorian calendar; a year is taken to begin in March. */
const dayNumberOf = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year;
  const monthFromMarch = month <= 2 ? month + 9 : month - 3;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return 365 * shifted + leapDays + dayOfYear - 719_468;
};

/** Minutes ahead of UTC: of `Z`, `+05:30` or `+0530`, which begins with `sign`. */
const offsetAt = (text: string, at: number, sign: number): number => {
  if (sign === Z || sign === Z + SMALL) return text.length === at + 1 ? 0 : NONE;
  const minuteAt = text.charCodeAt(at + 3) === COLON ? at + 4 : at + 3;
  if ((sign !== PLUS && sign !== DASH) || text.length !== minuteAt + 2) return NONE;
  const hours = pair(text, at + 1);
  const minutes = pair(text, minuteAt);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NONE;
  return sign === DASH ? -60 * hours - minutes : 60 * hours + minutes;
};
