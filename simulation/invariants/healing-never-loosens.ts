import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { isTending } from "../services/ledger-store.ts";
import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeBy, type Scene } from "./invariant.ts";
import { areSigned, isSignedRecord } from "./signed-limits.ts";

/** How much each state lets through; the higher, the less. */
const SEVERITY = { active: 0, reducing: 1, halted: 2 } as const;

/** Partitions of telemetry that healing may write, by how they begin. */
const OF_HEALING = ["healing#", "alerts#", "flags#", "evidence#"] as const;

/**
 * (19) Healing never loosens risk: whoever changes a limit puts the signed one there, to the letter,
 * and nobody keeps as signed what was not. What heals writes nothing but its log, its alerts, a
 * feature that is switched off, and evidence of failure, or that what was signed runs again; it
 * neither claims nor books, asks the broker
 * for nothing, and moves trading towards less risk or not at all.
 */
export const healingNeverLoosens: Invariant = {
  name: "healing-never-loosens",
  judge: judgeBy({
    cellWritten: (observation, scene) => judgeCell(observation, scene),
    signedRecordWritten: ({ actor, document }, { view }) =>
      actor === undefined || isSignedRecord(document, view.settings)
        ? HOLDS
        : broken(`${actor.functionName} keeps as signed what nobody signed.`),
    tendingWrote: (observation) => judgeWrite(observation),
    brokerRequestArrived: ({ actor, intent }) =>
      isTending(actor.functionName)
        ? broken("What heals sent an order.", intent.clientOrderId)
        : HOLDS,
    cancelAsked: ({ actor }) =>
      isTending(actor.functionName) ? broken("What heals asked to cancel an order.") : HOLDS,
  }),
};

const judgeCell = (
  { actor, before, after }: Extract<Observation, { type: "cellWritten" }>,
  { view }: Scene,
): readonly Finding[] => {
  // Somebody who is no function changes what they like; that it is undone others judge.
  if (actor === undefined || before === undefined || before === "damaged") return HOLDS;
  const findings: Finding[] = [];
  const isChanged = before.limits !== after.limits && !isSame(before.limits, after.limits);
  if (isChanged && !areSigned(after.limits, view.settings)) {
    const detail = `${actor.functionName} put limits into the cell that nobody signed.`;
    findings.push({ detail });
  }
  if (actor.functionName !== "run-diagnostics") return findings;
  if (SEVERITY[after.tradingState.mode] < SEVERITY[before.tradingState.mode]) {
    findings.push({
      detail: `Healing made trading ${after.tradingState.mode} that was ${before.tradingState.mode}.`,
    });
  }
  if (!isSame(booksOf(before), booksOf(after))) {
    findings.push({ detail: "Healing changed claims, holdings or counters." });
  }
  return findings;
};

const booksOf = ({ inFlight, holdings, day, reconciliation }: ControlCell): object => ({
  inFlight,
  holdings,
  day,
  reconciliation,
});

const isSame = (left: object, right: object): boolean =>
  canonicalJson(left) === canonicalJson(right);

const judgeWrite = ({
  actor,
  table,
  partition,
  document,
}: Extract<Observation, { type: "tendingWrote" }>): readonly Finding[] => {
  if (actor.functionName !== "run-diagnostics") return HOLDS;
  if (table === "ledger") {
    return partition.startsWith("policy#") ? HOLDS : broken(`Healing wrote to ${partition}.`);
  }
  if (!OF_HEALING.some((part) => partition.startsWith(part))) {
    return broken(`Healing wrote to ${partition}.`);
  }
  const isItsOwn = partition.endsWith("#healing");
  return partition.startsWith("evidence#") && !isItsOwn && hasSucceeded(document)
    ? broken(`Healing says in ${partition} that something works, which only its own work proves.`)
    : HOLDS;
};

const hasSucceeded = (document: unknown): boolean =>
  typeof document === "object" &&
  document !== null &&
  "succeeded" in document &&
  document.succeeded === true;
