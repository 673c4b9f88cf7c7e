const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
const MS_PER_MINUTE = 60_000;

/**
 * Reads an RFC 3339 time, down to nanoseconds, as epoch ms (what is finer is cut off); `undefined`
 * if it is not one, has no offset, or is no moment that exists.
 */
export const parseTimestamp = (text: string): number | undefined => {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? "0");
  const ms = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const localMs = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6), ms);
  // A day or an hour that does not exist flows over into the next and does not come back the same.
  if (!new Date(localMs).toISOString().startsWith(text.slice(0, 10))) return undefined;
  if (part(4) > 23 || part(5) > 59 || part(6) > 59 || part(9) > 23 || part(10) > 59) {
    return undefined;
  }
  const offsetMs = (part(9) * 60 + part(10)) * MS_PER_MINUTE;
  return localMs - (match[8] === "-" ? -offsetMs : offsetMs);
};
