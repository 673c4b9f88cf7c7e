import { TEST_TABLE_PREFIX } from "../../shared/domain/backup/restored-table.ts";

/** The table of a test: the minute of its slot makes it one's own. */
export const testTableOf = (slot: string): string =>
  `${TEST_TABLE_PREFIX}${new Date(slot).toISOString().slice(0, 16).replaceAll(/\D/g, "")}`;

/** A day of New York's clock, which is an hour shorter or longer where it changes. */
const DAYS_HOURS = [23, 24, 25];
const HOUR_MS = 60 * 60_000;

/** What the test of the night before has left, if its workflow ran out of time. */
export const tablesOfNightBefore = (slot: string): readonly string[] =>
  DAYS_HOURS.map((hours) =>
    testTableOf(new Date(Date.parse(slot) - hours * HOUR_MS).toISOString()),
  );
