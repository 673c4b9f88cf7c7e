import { lastOf } from "../../shared/domain/audit/audit-head.ts";
import type { Observation } from "../observation.ts";
import { type Sighting, sighting } from "./sighting.ts";

/** A record that a Region's locked store got so long after it was made was filled in. */
const FILLED_IN_MS = 150_000;

/** What the audit's chain comes across. */
export const AUDIT_SIGHTINGS: readonly Sighting[] = [
  {
    name: "audit-answer-lost",
    meaning: "a record was written, its answer was lost, and it is in the chain once",
    types: ["auditHeadWritten", "faultStruck"],
    failures: [],
    create: () => {
      const lost = new Set<string>();
      return (seen) => {
        if (seen.type === "faultStruck" && seen.fault.kind === "fail-after") {
          const region = /^(?<region>\S+) keep-audit ledger\.put$/.exec(seen.fault.where)?.groups;
          if (region !== undefined) lost.add(region["region"] ?? "");
        }
        if (seen.type !== "auditHeadWritten" || seen.actor?.functionName !== "keep-audit") {
          return false;
        }
        return lost.delete(seen.actor.region) && hasGrown(seen);
      };
    },
  },
  sighting(
    ["auditHeadRefused"],
    "audit-writers-met",
    "both Regions wrote the end of the chain at once, and one of them wrote again",
    [],
    (seen) =>
      seen.type === "auditHeadRefused" &&
      seen.current !== undefined &&
      lastOf(seen.current).region !== seen.actor.region,
  ),
  {
    name: "audit-filled-in",
    meaning: "a Region's locked store got a record minutes after it was made, when it could",
    types: ["auditHeadWritten", "lockedKept"],
    failures: [],
    create: () => {
      const madeAtMs = new Map<number, number>();
      return (seen) => {
        if (seen.type === "auditHeadWritten" && hasGrown(seen)) {
          madeAtMs.set(lastOf(seen.after).sequence, seen.atMs);
        }
        if (seen.type !== "lockedKept" || !seen.key.includes("/records/")) return false;
        return seen.atMs - (madeAtMs.get(seen.sequence) ?? seen.atMs) > FILLED_IN_MS;
      };
    },
  },
  sighting(
    ["auditHeadWritten"],
    "audit-set-back",
    "the chain went on from the locked records after its end had been lost with the ledger",
    [],
    (seen) =>
      seen.type === "auditHeadWritten" && seen.actor === undefined && seen.before !== undefined,
  ),
  sighting(
    ["lockedKept"],
    "checkpoint-kept",
    "a Region verified the chain and locked its word for where it stands",
    [],
    (seen) => seen.type === "lockedKept" && seen.key.includes("/checkpoints/"),
  ),
];

type HeadWritten = Extract<Observation, { type: "auditHeadWritten" }>;

const hasGrown = ({ before, after }: HeadWritten): boolean =>
  before === undefined || lastOf(after).sequence > lastOf(before).sequence;
