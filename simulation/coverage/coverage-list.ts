import { AUDIT_SIGHTINGS } from "./audit-sightings.ts";
import { FAULT_SIGHTINGS } from "./fault-sightings.ts";
import { GUARD_SIGHTINGS } from "./guard-sightings.ts";
import { ORDER_SIGHTINGS } from "./order-sightings.ts";
import { PEOPLE_SIGHTINGS } from "./people-sightings.ts";
import { REGION_SIGHTINGS } from "./region-sightings.ts";
import type { Sighting } from "./sighting.ts";
import { TENDING_SIGHTINGS } from "./tending-sightings.ts";

/** Everything that a batch of seeds has to come across at least once; a count of zero fails it. */
export const COVERAGE: readonly Sighting[] = [
  ...ORDER_SIGHTINGS,
  ...GUARD_SIGHTINGS,
  ...REGION_SIGHTINGS,
  ...PEOPLE_SIGHTINGS,
  ...FAULT_SIGHTINGS,
  ...TENDING_SIGHTINGS,
  ...AUDIT_SIGHTINGS,
];

/** What the simulated world does not have yet; listed, and neither counted nor hidden. */
export type NotYet = {
  readonly name: string;
  readonly meaning: string;
  /** The capability that it waits for. */
  readonly waitsFor: string;
  readonly failures: readonly string[];
};

/** What joins the list with the capability that it waits for. */
export const NOT_YET: readonly NotYet[] = [];

/** Failures that no world can come across: what holds them off is held to by tests of its own. */
export const BY_TESTS: Readonly<Record<string, string>> = {
  "defect 3": "test/domain/risk/guard.test.ts",
  "defect 12": "test/use-cases/poll-market-data.test.ts",
  "defect 13": "test/domain/market/calendar.test.ts",
  "defect 16": "test/adapters/http/wire-values.test.ts",
  "defect 17": "test/domain/signals/direction.test.ts",
};
