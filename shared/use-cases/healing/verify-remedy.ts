import { HEALING_BUDGET, isStopped } from "../../domain/healing/choose-treatment.ts";
import { diagnose, type DiagnosisInput } from "../../domain/healing/diagnose.ts";
import type { Finding } from "../../domain/healing/finding.ts";
import { givenUpOf } from "../../domain/healing/given-up.ts";
import type { HealingRecord, RemedyName } from "../../domain/healing/remedy.ts";
import type { Healing, SignedConfiguration } from "../../ports/healing.ts";
import { gatherFacts, type GatherFactsDeps } from "./gather-facts.ts";
import { escalate, fieldsOf, isTold, page, type PagePersonDeps } from "./page-person.ts";
import { REMEDIES } from "./remedies/allow-list.ts";
import type { Wake } from "./remedies/remedy-module.ts";
import { reachOf } from "./use-remedy.ts";

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

/** How it ended. */
export type Verdict = { readonly outcome: HealingRecord["outcome"]; readonly detail: string };

/** What verifying needs. */
export type VerifyRemedyDeps = GatherFactsDeps &
  PagePersonDeps & {
    readonly healing: Healing;
    readonly configuration?: SignedConfiguration | undefined;
  };

/** No decision about healing looks further back than so many records. */
export const HISTORY_MAX = 100;

/**
 * Believes in a remedy only when the probe passes and the finding is gone; else it is undone and a
 * person is paged.
 */
export const verifyRemedy = async (
  deps: VerifyRemedyDeps,
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

/** Whether what was found before is still found. */
export const isAmong = (
  findings: readonly Finding[],
  { cause, subject }: Pick<Finding, "cause" | "subject">,
): boolean => findings.some((one) => one.cause === cause && one.subject === subject);

/**
 * S4: what cannot be healed is failed until its own work proves otherwise, or a person acts. What
 * works all the same, because others stand in for what is ill, is not: there healing alone is lame.
 */
const markFailed = async (
  { telemetry, clock }: VerifyRemedyDeps,
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
