import {
  chooseTreatment,
  HEALING_BUDGET,
  isStopped,
  type Treatment,
} from "../../domain/healing/choose-treatment.ts";
import { diagnose, HEALING_COMPONENT, type DiagnosisInput } from "../../domain/healing/diagnose.ts";
import { classOf, type Finding } from "../../domain/healing/finding.ts";
import { remedyFor, REMEDY_NAMES, type HealingRecord } from "../../domain/healing/remedy.ts";
import type { Alerts } from "../../ports/alerts.ts";
import type { Healing, SignedConfiguration } from "../../ports/healing.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Random } from "../../ports/random.ts";
import type { ChangeTradingStateDeps } from "../change-trading-state.ts";
import { tolerateLoss } from "../tolerate-loss.ts";
import { endAlerts } from "./end-alerts.ts";
import { gatherFacts, type GatherFactsDeps } from "./gather-facts.ts";
import { giveUp } from "./give-up.ts";
import { fieldsOf, page } from "./page-person.ts";
import { useRemedy } from "./use-remedy.ts";
import {
  HISTORY_MAX,
  isAmong,
  verifyRemedy,
  type AppliedRemedy,
  type Verdict,
} from "./verify-remedy.ts";

/** What a diagnosis found, and what to do about it. */
export type Diagnosis = {
  readonly findings: readonly Finding[];
  readonly treatment: Treatment;
};

/** The steps of the heal workflow, each one call. */
export type RunDiagnostics = {
  readonly diagnose: () => Promise<Diagnosis>;
  readonly apply: (treatment: Extract<Treatment, { type: "apply" }>) => Promise<AppliedRemedy>;
  /** `probePassed`: what the probe said after the remedy. */
  readonly verify: (applied: AppliedRemedy, probePassed: boolean) => Promise<Verdict>;
  /** Pages a person; halts trading first where risk could get through. */
  readonly giveUp: (
    treatment: Extract<Treatment, { type: "escalate" | "halt" }>,
  ) => Promise<Verdict>;
};

/** What healing needs. */
export type RunDiagnosticsDeps = Omit<GatherFactsDeps, "ledger" | "configuration"> &
  ChangeTradingStateDeps & {
    readonly ledger: Ledger;
    readonly healing: Healing;
    /** Absent where nothing is signed. */
    readonly configuration?: SignedConfiguration | undefined;
    readonly alerts: Alerts;
    readonly random: Random;
  };

/**
 * Heals (S6): names what is wrong, applies one remedy of the allow-list within its budget, and
 * believes in it only when the probe passes and the finding is gone; else it is undone and a person
 * is paged. Every step is on the log.
 */
export const createRunDiagnostics = (deps: RunDiagnosticsDeps): RunDiagnostics => ({
  diagnose: async () => {
    const facts = await gatherFacts(deps);
    const findings = diagnose(facts);
    const noted = await deps.healing.list(HISTORY_MAX);
    const history = [...(await clearOver(deps, facts, findings, noted)), ...noted];
    const treatment = chooseTreatment(findings, history, facts.nowMs, HEALING_BUDGET);
    await endIncidents(deps, findings, history);
    await tolerateLoss(endAlerts(deps, facts));
    await tolerateLoss(prove(deps, findings, history));
    return { findings, treatment };
  },
  apply: async ({ remedy, finding }) => {
    const id = `${deps.clock.nowMs()}-${deps.random.id()}`;
    const record = { id, remedy, ...fieldsOf(finding) };
    const slotMs = Math.floor(deps.clock.nowMs() / 60_000) * 60_000;
    const cycle = { cycleId: `heal-${slotMs}`, slotMs, symbols: deps.settings.symbols };
    const began = { ...record, outcome: "applied", detail: finding.detail } as const;
    // On the log before it is done: a use that was not counted could be repeated for ever.
    await deps.healing.note({ ...began, atMs: deps.clock.nowMs() });
    if (classOf(finding.cause) !== "transient") {
      const summary = `${finding.detail} ${remedy} is applied.`;
      await page(deps, finding, { action: "trigger", severity: "error", summary });
    }
    const applied = await useRemedy(deps, remedy, finding);
    if (applied.type === "done") {
      return { id, remedy, finding, isApplied: true, wake: applied.wake ?? "none", cycle };
    }
    await deps.healing.note({ ...began, atMs: deps.clock.nowMs(), detail: applied.detail });
    return { id, remedy, finding, isApplied: false, wake: "none", cycle };
  },
  verify: (applied, probePassed) => verifyRemedy(deps, applied, probePassed),
  giveUp: (treatment) => giveUp(deps, treatment),
});

/**
 * Whoever heals proves that it looked; a remedy that waits for a person makes it less than well.
 */
const prove = (
  { telemetry, clock }: RunDiagnosticsDeps,
  findings: readonly Finding[],
  history: readonly HealingRecord[],
): Promise<void> => {
  const atMs = clock.nowMs();
  const stopped = REMEDY_NAMES.filter((name) => isStopped(name, history, atMs, HEALING_BUDGET));
  const found = findings.length === 0 ? "Nothing is wrong." : `Found: ${findings.length}.`;
  return telemetry.recordEvidence({
    component: HEALING_COMPONENT,
    atMs,
    succeeded: stopped.length === 0,
    detail: stopped.length === 0 ? found : `Stopped, having failed: ${stopped.join(", ")}.`,
    latencyMs: null,
    dataAgeMs: null,
    fault: null,
  });
};

/**
 * What passes is healed alone (S6): a stopped remedy may be used again once what it was for is over
 * without it, which its component has to have proven. What concerns configuration or risk waits for
 * a person. Returns what was noted.
 */
const clearOver = async (
  deps: RunDiagnosticsDeps,
  facts: DiagnosisInput,
  findings: readonly Finding[],
  history: readonly HealingRecord[],
): Promise<readonly HealingRecord[]> => {
  const { nowMs } = facts;
  const cleared: HealingRecord[] = [];
  for (const remedy of REMEDY_NAMES) {
    if (!isStopped(remedy, history, nowMs, HEALING_BUDGET)) continue;
    const last = history.find((record) => record.remedy === remedy);
    if (last === undefined || !isOverWithoutIt(last, facts, findings)) continue;
    const id = `${nowMs}-${deps.random.id()}`;
    const detail = `What ${remedy} was for is over without it: it may be used again.`;
    const record = {
      ...fieldsOf(last),
      id,
      atMs: nowMs,
      remedy,
      outcome: "cleared",
      detail,
    } as const;
    await deps.healing.note(record);
    cleared.push(record);
  }
  return cleared;
};

const isOverWithoutIt = (
  { remedy, cause, component, subject }: HealingRecord,
  { health, unsureVendors }: DiagnosisInput,
  findings: readonly Finding[],
): boolean => {
  const level = health.components.find((one) => one.component === component)?.level ?? "healthy";
  return (
    classOf(cause) === "transient" &&
    level === "healthy" &&
    !unsureVendors.includes(subject) &&
    !findings.some((one) => remedyFor(one.cause) === remedy)
  );
};

/** What a person was paged for and is not found any more has ended: it is resolved once. */
const endIncidents = async (
  deps: RunDiagnosticsDeps,
  findings: readonly Finding[],
  history: readonly HealingRecord[],
): Promise<void> => {
  for (const record of history) {
    if (record.outcome !== "escalated" || isAmong(findings, record)) continue;
    const { cause, component, subject } = record;
    const summary = `It is over: ${record.detail}`;
    const finding = { cause, component, subject, detail: summary };
    await page(deps, finding, { action: "resolve", severity: "info", summary });
    await deps.healing.note({ ...record, outcome: "helped", detail: summary });
  }
};
