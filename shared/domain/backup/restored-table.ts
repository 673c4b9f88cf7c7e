/**
 * Begins the name of every table that a restore may make, write or take away: no live one has it.
 */
export const RESTORED_PREFIX = "holdfast-restored-";

/** Begins the names of tables that a restore test makes and takes away again. */
export const TEST_TABLE_PREFIX = `${RESTORED_PREFIX}test-`;

/** Whether a table of this name may be made by a restore and then be traded on. */
export const isRestoredTable = (name: string): boolean =>
  name.startsWith(RESTORED_PREFIX) &&
  !name.startsWith(TEST_TABLE_PREFIX) &&
  /^[A-Za-z0-9_.-]{19,100}$/.test(name);
