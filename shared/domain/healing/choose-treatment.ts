import { classOf, type Finding } from "./finding.ts";
import { remedyFor, type HealingRecord, type RemedyName } from "./remedy.ts";

/** How much may be healed before a person has to look. */
export type HealingBudget = {
  readonly windowMs: number;
  readonly perRemedyMax: number;
  readonly inAllMax: number;
  /** So many failures (S4) in so long stop a remedy until it is cleared. */
  readonly failuresMax: number;
  readonly failureWindowMs: number;
  /** The same remedy for the same subject is not repeated sooner after it was judged. */
  readonly repeatAfterMs: number;
  /** A remedy that was applied is judged within this time, or whoever applied it is no more. */
  readonly judgedWithinMs: number;
};

/**
 * Six of a kind and twelve in all in half an hour; five failures in ten minutes stop a remedy. A
 * run of healing tries again half a minute after a failure, so that its fifth comes within the ten.
 */
export const HEALING_BUDGET: HealingBudget = {
  windowMs: 30 * 60_000,
  perRemedyMax: 6,
  inAllMax: 12,
  failuresMax: 5,
  failureWindowMs: 10 * 60_000,
  repeatAfterMs: 20_000,
  judgedWithinMs: 4 * 60_000,
};

/** What to do about what was found: one thing at a time. */
export type Treatment =
  | { readonly type: "nothing" }
  | { readonly type: "wait"; readonly reason: string }
  | { readonly type: "apply"; readonly remedy: RemedyName; readonly finding: Finding }
  /** A person has to act. */
  | { readonly type: "escalate"; readonly finding: Finding; readonly reason: string }
  /** Trading must stop until a person has looked. */
  | { readonly type: "halt"; readonly finding: Finding; readonly reason: string };

/** Whether five failures in ten minutes have stopped a remedy, and it was not cleared since. */
export const isStopped = (
  remedy: RemedyName,
  history: readonly HealingRecord[],
  nowMs: number,
  budget: HealingBudget,
): boolean => {
  const ofRemedy = history.filter((record) => record.remedy === remedy);
  const clearedAtMs = Math.max(
    -Infinity,
    ...ofRemedy.filter(({ outcome }) => outcome === "cleared").map(({ atMs }) => atMs),
  );
  const failures = ofRemedy
    .filter((record) => isFailure(record) && record.atMs > clearedAtMs && record.atMs <= nowMs)
    .map(({ atMs }) => atMs)
    .toSorted((left, right) => left - right);
  // It stays stopped although the failures grow old: any window of ten minutes counts.
  return failures.some((atMs, index) => {
    const last = failures[index + budget.failuresMax - 1];
    return last !== undefined && last - atMs <= budget.failureWindowMs;
  });
};

/**
 * Chooses by urgency: risk first, then what a remedy may mend within its budget, then what only a
 * person can. Never two things at once, so that what helped can be told from what did not.
 */
export const chooseTreatment = (
  findings: readonly Finding[],
  history: readonly HealingRecord[],
  nowMs: number,
  budget: HealingBudget,
): Treatment => {
  const verdicts = findings.map((finding) => judge(finding, history, nowMs, budget));
  for (const type of ["halt", "apply", "escalate", "wait"] as const) {
    const found = verdicts.find((verdict) => verdict.type === type);
    if (found !== undefined) return found;
  }
  return { type: "nothing" };
};

const judge = (
  finding: Finding,
  history: readonly HealingRecord[],
  nowMs: number,
  budget: HealingBudget,
): Treatment => {
  if (finding.cause === "guardBroken") {
    return { type: "halt", finding, reason: "The guard or the claim cannot be relied on." };
  }
  const remedy = remedyFor(finding.cause);
  if (remedy === undefined) return escalate(finding, reasonOf(finding));
  if (isStopped(remedy, history, nowMs, budget)) {
    return escalate(finding, `${remedy} failed ${budget.failuresMax} times and is stopped.`);
  }
  const recent = history.filter((record) => nowMs - record.atMs < budget.windowMs && isUse(record));
  const ofRemedy = recent.filter((record) => record.remedy === remedy);
  if (ofRemedy.length >= budget.perRemedyMax) {
    return escalate(finding, `${remedy} was used ${ofRemedy.length} times lately.`);
  }
  if (recent.length >= budget.inAllMax) {
    return escalate(finding, `${recent.length} remedies were used lately.`);
  }
  // Another run is at it: what helped could not be told from what did not.
  const underWay = recent.find(
    ({ outcome, atMs }) => outcome === "applied" && nowMs - atMs < budget.judgedWithinMs,
  );
  if (underWay !== undefined) {
    return { type: "wait", reason: `${underWay.remedy} is being tried.` };
  }
  const isRepeat = ofRemedy.some(
    ({ subject, atMs }) => subject === finding.subject && nowMs - atMs < budget.repeatAfterMs,
  );
  return isRepeat
    ? { type: "wait", reason: `${remedy} was used a moment ago.` }
    : { type: "apply", remedy, finding };
};

const escalate = (finding: Finding, reason: string): Treatment => ({
  type: "escalate",
  finding,
  reason,
});

const reasonOf = ({ cause }: Finding): string => {
  switch (classOf(cause)) {
    case "configuration":
      return "Only a person can put the configuration right.";
    case "schema":
      return "A vendor's contract has changed; only a person can follow it.";
    case "risk":
    case "transient":
      return "No remedy is allowed for this.";
  }
};

/** Every record with a remedy was a use of it, but for a person's word. */
const isUse = ({ remedy, outcome }: HealingRecord): boolean =>
  remedy !== null && outcome !== "cleared" && outcome !== "escalated";

const isFailure = ({ outcome }: HealingRecord): boolean =>
  outcome === "failed" || outcome === "undone";
