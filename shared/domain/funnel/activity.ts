import type { Session } from "../market/calendar.ts";
import type { FunnelCounts } from "./funnel.ts";

/** What happened in one half-hour of a session. */
export type HalfHour = {
  /** Entries that were sent to be guarded and submitted. */
  readonly entries: number;
  /** Symbols decided on, minute by minute: what the entries came out of. */
  readonly symbolMinutes: number;
  /** The sum of sampled moves from one minute to the next, in hundredths of a percent. */
  readonly moveBp: number;
  /** How many moves were sampled. */
  readonly moves: number;
};

/** The half-hours of a session in which anything was counted, by their number from the open. */
export type Activity = ReadonlyMap<number, HalfHour>;

/** A regular session has so many half-hours. */
export const HALF_HOURS = 13;
/** The length of one. */
export const HALF_HOUR_MS = 30 * 60_000;

/** The half-hour of a session that a moment lies in, from 0. */
export const halfHourOf = ({ opensAtMs }: Session, atMs: number): number =>
  Math.min(HALF_HOURS - 1, Math.max(0, Math.floor((atMs - opensAtMs) / HALF_HOUR_MS)));

/** The key under which a half-hour's count is kept; each is put together once. */
export const activityKey = (halfHour: number, name: keyof HalfHour): string =>
  keys[name][halfHour] ?? `${halfHour}.${name}`;

const keysOf = (name: keyof HalfHour): readonly string[] =>
  Array.from({ length: HALF_HOURS }, (_none, halfHour) => `${halfHour}.${name}`);

const keys: Readonly<Record<keyof HalfHour, readonly string[]>> = {
  entries: keysOf("entries"),
  symbolMinutes: keysOf("symbolMinutes"),
  moveBp: keysOf("moveBp"),
  moves: keysOf("moves"),
};

/** The activity of a session, from its counters. */
export const activityOf = ({ activity = {} }: FunnelCounts): Activity => {
  const halfHours = new Map<number, HalfHour>();
  for (let number = 0; number < HALF_HOURS; number++) {
    const count = (name: keyof HalfHour): number => activity[activityKey(number, name)] ?? 0;
    const symbolMinutes = count("symbolMinutes");
    if (symbolMinutes === 0) continue;
    halfHours.set(number, {
      entries: count("entries"),
      symbolMinutes,
      moveBp: count("moveBp"),
      moves: count("moves"),
    });
  }
  return halfHours;
};

/** All entries of a session. */
export const entriesOf = (activity: Activity): number =>
  [...activity.values()].reduce((sum, { entries }) => sum + entries, 0);
