import { RetryableError, TerminalError } from "../../domain/fault.ts";
import {
  chooseTreatment,
  HEALING_BUDGET,
  isStopped,
  type Treatment,
} from "../../domain/healing/choose-treatment.ts";
import { diagnose, HEALING_COMPONENT, type DiagnosisInput } from "../../domain/healing/diagnose.ts";
import { classOf, type Finding } from "../../domain/healing/finding.ts";
import { givenUpOf } from "../../domain/healing/given-up.ts";
import {
  remedyFor,
  REMEDY_NAMES,
  type HealingRecord,
  type RemedyName,
} from "../../domain/healing/remedy.ts";
import { haltTrading } from "../../domain/risk/trading-state.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { Healing, SignedConfiguration } from "../../ports/healing.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Random } from "../../ports/random.ts";
import { changeTradingState, type ChangeTradingStateDeps } from "../change-trading-state.ts";
import { tolerateLoss } from "../tolerate-loss.ts";
import { endAlerts } from "./end-alerts.ts";
import { gatherFacts, type GatherFactsDeps } from "./gather-facts.ts";
import { REMEDIES } from "./remedies/allow-list.ts";
import type { RemedyReach, Wake } from "./remedies/remedy-module.ts";

/** A remedy that was applied and is to be verified. */
export type AppliedRemedy = {
  readonly id: string;
  readonly remedy: RemedyName;
  readonly finding: Finding;
  readonly isApplied: boolean;
  /** The function that the workflow starts next. */
  readonly wake: Wake | "none";
  /** What poll-flow is given, should it be the one. */
  readonly cycle: {
    readonly cycleId: string;
    readonly slotMs: number;
    readonly symbols: readonly string[];
  };
};

/** What a diagnosis found, and what to do about it. */
export type Diagnosis = {
  readonly findings: readonly Finding[];
  readonly treatment: Treatment;
};

/** How it ended. */
export type Verdict = { readonly outcome: HealingRecord["outcome"]; readonly detail: string };

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

const HISTORY_MAX = 100;
/** A person who was paged for something is not paged for it again sooner. */
const PAGE_AGAIN_AFTER_MS = 60 * 60_000;

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
    const applied = await attempt(deps, remedy, finding);
    if (applied.type === "done") {
      return { id, remedy, finding, isApplied: true, wake: applied.wake ?? "none", cycle };
    }
    await deps.healing.note({ ...began, atMs: deps.clock.nowMs(), detail: applied.detail });
    return { id, remedy, finding, isApplied: false, wake: "none", cycle };
  },
  verify: (applied, probePassed) => verify(deps, applied, probePassed),
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

const isAmong = (
  findings: readonly Finding[],
  { cause, subject }: Pick<Finding, "cause" | "subject">,
): boolean => findings.some((one) => one.cause === cause && one.subject === subject);

type Attempt =
  | { readonly type: "done"; readonly wake: Wake | null }
  | { readonly type: "failed"; readonly detail: string };

const attempt = async (
  deps: RunDiagnosticsDeps,
  remedy: RemedyName,
  { subject }: Finding,
): Promise<Attempt> => {
  try {
    const { wake } = await REMEDIES[remedy].apply(subject, reachOf(deps));
    return { type: "done", wake };
  } catch (error) {
    if (error instanceof RetryableError || error instanceof TerminalError) {
      return { type: "failed", detail: error.message };
    }
    throw error;
  }
};

/** No more than remedies may touch. */
const reachOf = ({
  healing,
  telemetry,
  configuration,
  clock,
  settings,
}: RunDiagnosticsDeps): RemedyReach => ({ healing, telemetry, configuration, clock, settings });

const verify = async (
  deps: RunDiagnosticsDeps,
  { id, remedy, finding, isApplied }: AppliedRemedy,
  probePassed: boolean,
): Promise<Verdict> => {
  const facts = await gatherFacts(deps);
  const isGone = !isAmong(diagnose(facts), finding);
  const record = { id, remedy, ...fieldsOf(finding), atMs: deps.clock.nowMs() };
  if (isApplied && isGone && probePassed) {
    const detail = `${remedy} helped: ${finding.detail} No more, and the probe passes.`;
    await deps.healing.note({ ...record, outcome: "helped", detail });
    await page(deps, finding, { action: "resolve", severity: "info", summary: detail });
    return { outcome: "helped", detail };
  }
  const undo = isApplied ? REMEDIES[remedy].undo : undefined;
  await undo?.(finding.subject, reachOf(deps));
  const outcome = undo === undefined ? "failed" : "undone";
  const why = isGone ? "the probe does not pass" : "what it was for is still there";
  const detail = `${remedy} did not help${undo === undefined ? "" : " and was undone"}: ${why}.`;
  await deps.healing.note({ ...record, outcome, detail });
  const history = await deps.healing.list(HISTORY_MAX);
  if (isStopped(remedy, history, facts.nowMs, HEALING_BUDGET)) {
    await markFailed(deps, facts, finding, remedy);
    const summary = `${givenUpOf(remedy)} ${finding.detail}`;
    await escalate(deps, finding, "error", summary);
  } else if (!isTold(finding, history, facts.nowMs)) {
    await escalate(deps, finding, "error", `${detail} ${finding.detail}`);
  }
  return { outcome, detail };
};

const giveUp = async (
  deps: RunDiagnosticsDeps,
  treatment: Extract<Treatment, { type: "escalate" | "halt" }>,
): Promise<Verdict> => {
  const { finding, reason, type } = treatment;
  const nowMs = deps.clock.nowMs();
  if (type === "halt") await halt(deps, reason, nowMs);
  const summary = `${finding.component}: ${finding.detail} ${reason}`;
  const history = await deps.healing.list(HISTORY_MAX);
  if (!isTold(finding, history, nowMs)) {
    await escalate(deps, finding, type === "halt" ? "critical" : "error", summary);
  }
  return { outcome: "escalated", detail: summary };
};

/** Whether a person was paged for the same a while ago. */
const isTold = (finding: Finding, history: readonly HealingRecord[], nowMs: number): boolean =>
  history.some(
    ({ outcome, cause, subject, atMs }) =>
      outcome === "escalated" &&
      cause === finding.cause &&
      subject === finding.subject &&
      nowMs - atMs < PAGE_AGAIN_AFTER_MS,
  );

/** Pages a person, and remembers it until it is over. */
const escalate = async (
  deps: RunDiagnosticsDeps,
  finding: Finding,
  severity: Alert["severity"],
  summary: string,
): Promise<void> => {
  await page(deps, finding, { action: "trigger", severity, summary });
  const atMs = deps.clock.nowMs();
  const record = { id: `${atMs}-${deps.random.id()}`, remedy: null, ...fieldsOf(finding), atMs };
  await deps.healing.note({ ...record, outcome: "escalated", detail: summary });
};

const halt = async (deps: RunDiagnosticsDeps, reason: string, atMs: number): Promise<void> => {
  const wish = { reason, by: "run-diagnostics", atMs };
  const asked = { kind: "halt", ...wish } as const;
  const halted = await changeTradingState(deps, asked, (cell) => haltTrading(cell, wish));
  if (!halted.ok) throw new RetryableError("Trading could not be halted.");
};

/**
 * S4: what cannot be healed is failed until its own work proves otherwise, or a person acts. What
 * works all the same, because others stand in for what is ill, is not: there healing alone is lame.
 */
const markFailed = async (
  { telemetry, clock }: RunDiagnosticsDeps,
  { health }: DiagnosisInput,
  { component }: Finding,
  remedy: RemedyName,
): Promise<void> => {
  const level = health.components.find((one) => one.component === component)?.level;
  if (level === "healthy") return;
  await telemetry.recordEvidence({
    component,
    atMs: clock.nowMs(),
    succeeded: false,
    detail: givenUpOf(remedy),
    latencyMs: null,
    dataAgeMs: null,
    fault: "configuration",
  });
};

const fieldsOf = ({ cause, component, subject }: Finding) => ({ cause, component, subject });

const SUMMARY_MAX = 1_024;

const page = (
  deps: RunDiagnosticsDeps,
  { cause, subject, component }: Finding,
  alert: Pick<Alert, "action" | "severity" | "summary">,
): Promise<void> =>
  deps.alerts.publish({
    ...alert,
    summary: alert.summary.slice(0, SUMMARY_MAX),
    key: `healing-${deps.settings.region}-${cause}-${subject}`.slice(0, 255),
    component,
    mode: deps.settings.mode,
    atMs: deps.clock.nowMs(),
    runbook: "healing",
  });
