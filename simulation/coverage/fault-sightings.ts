import type { FaultKind } from "../faults/fault-kind.ts";
import { type Sighting, sighting } from "./sighting.ts";

/** Faults that must have struck where they hurt: the world's own list counts each kind beside it. */
export const FAULT_SIGHTINGS: readonly Sighting[] = [
  sighting(
    ["unarchived"],
    "ticks-recovered",
    "ticks that could not be put on the tape were buffered, and put there later",
    [],
    (seen) => seen.type === "unarchived" && seen.key.startsWith("buffer/ticks/"),
  ),
  struck(
    "broker-out-with-orders-live",
    "the broker failed while orders of ours worked",
    ["story 2"],
    ["broker-outage", "broker-5xx"],
    "",
    true,
  ),
  struck(
    "positions-unreadable",
    "positions could not be read, and were not taken for none",
    ["story 3"],
    ["broker-outage", "broker-5xx", "broker-slow", "broker-429", "fail-before", "fail-after"],
    "listPositions",
    true,
  ),
  struck(
    "stale-or-repeated-report",
    "the broker told of an order late or twice",
    ["story 7"],
    ["stale-report", "duplicate-report"],
    "",
    false,
  ),
  struck(
    "bad-tick",
    "a vendor sent a price that is none",
    ["story 14"],
    ["wrong-prices"],
    "",
    false,
  ),
  struck(
    "vendor-out",
    "a vendor's outage was no empty answer",
    ["defect 10"],
    ["vendor-outage", "flow-outage"],
    "",
    false,
  ),
  struck(
    "contract-broken",
    "an answer lacked what its contract names",
    ["defect 11", "defect 15"],
    ["broker-schema", "vendor-schema"],
    "",
    false,
  ),
];

function struck(
  name: string,
  meaning: string,
  failures: readonly string[],
  kinds: readonly FaultKind[],
  where: string,
  withOrders: boolean,
): Sighting {
  const wanted = new Set(kinds);
  return sighting(
    ["faultStruck"],
    name,
    meaning,
    failures,
    (seen, facts) =>
      seen.type === "faultStruck" &&
      wanted.has(seen.fault.kind) &&
      seen.fault.where.includes(where) &&
      (!withOrders || Object.keys(facts.cell()?.inFlight ?? {}).length > 0),
  );
}
