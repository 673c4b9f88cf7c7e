import type { HealingOutcome } from "../../shared/domain/healing/remedy.ts";
import { areLimitsAlike, isLooser } from "./limits-moved.ts";
import type { Observation } from "../observation.ts";
import { type Sighting, sighting } from "./sighting.ts";

/** An alert that was told so much later than it was raised was late. */
const LATE_MS = 60_000;

/** What healing, the probe, alerts and the signed configuration come across. */
export const TENDING_SIGHTINGS: readonly Sighting[] = [
  healed("remedy-applied", "a remedy of the allow-list was applied", ["defect 7"], "applied"),
  healed("remedy-helped", "a remedy helped, and the probe passed", [], "helped"),
  healed("remedy-failed", "a remedy did not help, and a person was paged", ["defect 8"], "failed"),
  healed(
    "healed-and-undone",
    "a remedy did not help and was undone",
    ["defect 7", "defect 8"],
    "undone",
  ),
  sighting(
    ["tendingWrote"],
    "remedy-stopped",
    "a remedy that had failed five times in ten minutes was used no more",
    ["defect 8"],
    (seen) =>
      seen.type === "tendingWrote" &&
      seen.partition.endsWith("#healing") &&
      detailOf(seen.document).startsWith("Stopped, having failed"),
  ),
  sighting(
    ["functionEnded"],
    "probe-missed",
    "a synthetic signal did not come through, and the cause was named",
    ["defect 9"],
    (seen) => {
      const answer = answerOf(seen, "probe-pipeline");
      return answer?.["passed"] === false && typeof answer["stage"] === "string";
    },
  ),
  {
    name: "probe-order-refused",
    meaning: "a message of the probe's account was in the queue of orders, and was given up",
    types: ["messageDeadLettered"],
    failures: ["defect 9"],
    create: () => (seen) =>
      seen.type === "messageDeadLettered" && /hf_[^_]+_probe_/.test(seen.body),
  },
  drift("looser-limits-restored", "limits that somebody had raised were put back", true),
  drift("tighter-limits-restored", "limits that somebody had lowered were put back", false),
  {
    name: "unsigned-deployment-noticed",
    meaning: "functions that ran what nobody signed stopped entries",
    types: ["cellWritten"],
    failures: [],
    create: () => (seen) =>
      seen.type === "cellWritten" &&
      typeof seen.before === "object" &&
      seen.before.tradingState.mode === "active" &&
      seen.after.tradingState.mode === "reducing" &&
      seen.after.tradingState.reason.startsWith("What runs is not what was signed"),
  },
  sighting(
    ["signedRecordWritten"],
    "signed-record-restored",
    "the record of what was signed was lost or forged, and put back from its second copy",
    [],
    (seen) => seen.type === "signedRecordWritten" && seen.actor !== undefined && !seen.isSpare,
  ),
  sighting(
    ["alertKept"],
    "alert-told-late",
    "an alert that could not be told was kept, and told later",
    ["defect 6"],
    (seen) =>
      seen.type === "alertKept" &&
      seen.record.toldAtMs !== null &&
      seen.record.toldAtMs - seen.record.alert.atMs > LATE_MS,
  ),
  {
    name: "restored-from-backup",
    meaning: "the ledger's table was lost, restored from backups, and reconciled until clean",
    types: ["cellWritten", "ledgerRestored"],
    failures: [],
    create: () => {
      let awaitsClean = false;
      return (seen) => {
        if (seen.type === "ledgerRestored") awaitsClean = true;
        if (seen.type !== "cellWritten" || !awaitsClean) return false;
        awaitsClean = seen.after.reconciliation.state !== "clean";
        return !awaitsClean;
      };
    },
  },
  {
    name: "page-tried-again",
    meaning: "a page failed and was tried again until it was accepted",
    types: ["functionEnded", "paged"],
    failures: ["defect 6"],
    create: () => {
      const failed = new Set<string>();
      return (seen) => {
        if (seen.type === "functionEnded" && seen.actor.functionName === "notify") {
          if (seen.outcome === "threw") failed.add(seen.actor.region);
        }
        return seen.type === "paged" && failed.delete(seen.region);
      };
    },
  },
];

function healed(
  name: string,
  meaning: string,
  failures: readonly string[],
  outcome: HealingOutcome,
): Sighting {
  return sighting(
    ["healingNoted"],
    name,
    meaning,
    failures,
    (seen) =>
      seen.type === "healingNoted" &&
      seen.record.remedy !== null &&
      seen.record.outcome === outcome,
  );
}

/** A function put limits back that somebody had moved. */
function drift(name: string, meaning: string, wasLooser: boolean): Sighting {
  return sighting(
    ["cellWritten"],
    name,
    meaning,
    [],
    (seen) =>
      seen.type === "cellWritten" &&
      seen.actor !== undefined &&
      typeof seen.before === "object" &&
      !areLimitsAlike(seen.before.limits, seen.after.limits) &&
      isLooser(seen.before.limits, seen.after.limits) === wasLooser,
  );
}

const answerOf = (seen: Observation, name: string): Readonly<Record<string, unknown>> | undefined =>
  seen.type === "functionEnded" &&
  seen.actor.functionName === name &&
  typeof seen.answer === "object" &&
  seen.answer !== null
    ? { ...seen.answer }
    : undefined;

const detailOf = (document: unknown): string =>
  typeof document === "object" &&
  document !== null &&
  "detail" in document &&
  typeof document.detail === "string"
    ? document.detail
    : "";
