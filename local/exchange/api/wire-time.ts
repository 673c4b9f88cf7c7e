import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";

const MS_PER_HOUR = 3_600_000;

/**
 * RFC 3339 in UTC with nanoseconds, as Alpaca writes it; readers must cope with all nine digits.
 */
export const toNanoTime = (epochMs: number): string => {
  const whole = Math.floor(epochMs);
  // Six more digits that follow from the rest, because zeros would hide a lossy reader.
  const below = ((whole * 7_919) % 1_000_000).toString().padStart(6, "0");
  return new Date(whole).toISOString().replace("Z", `${below}Z`);
};

/** The same, or null when it has not happened. */
export const toNanoTimeOrNull = (epochMs: number | undefined): string | null =>
  epochMs === undefined ? null : toNanoTime(epochMs);

/** RFC 3339 in New York's time with its offset: `2024-03-04T10:00:00-05:00`. */
export const toNewYorkTime = (epochMs: number): string => {
  const { date, msOfDay } = epochMsToNewYork(epochMs);
  const wall = new Date(`${date}T00:00:00Z`).getTime() + msOfDay;
  const offsetHours = Math.round((epochMs - wall) / MS_PER_HOUR);
  const time = new Date(msOfDay).toISOString().slice(11, 19);
  return `${date}T${time}-${String(offsetHours).padStart(2, "0")}:00`;
};

/** Reads RFC 3339 or a plain date as epoch ms; `undefined` if it is neither. */
export const parseWireTime = (text: string | null): number | undefined => {
  if (text === null || !/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isFinite(epochMs) ? epochMs : undefined;
};
