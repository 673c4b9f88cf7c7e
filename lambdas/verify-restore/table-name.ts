/** Begins the name of every table that a restore test makes and takes away. */
export const TEST_TABLE_PREFIX = "holdfast-restored-test-";

/** The table of a test: the minute of its slot makes it one's own. */
export const testTableOf = (slot: string): string =>
  `${TEST_TABLE_PREFIX}${new Date(slot).toISOString().slice(0, 16).replaceAll(/\D/g, "")}`;
