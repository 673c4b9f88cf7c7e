import type { ComponentRule } from "./component-registry.ts";
import type { Evidence } from "./evidence.ts";

/** So many proofs in a row, over so long, end an incident; it is left after two looks at that. */
const PROOFS_TO_RECOVER = 2;
const RECOVERY_SPAN_MS = 30_000;

/**
 * Work that is handed over comes once a minute, so that the half minute after each burst of failed
 * orders is quiet: only what is longer than two cycles has seen work that did not fail.
 */
const QUIET_AFTER_WORK_MS = 150_000;

/** What failed again after so long a calm is calm again only when it is so for longer. */
const RELAPSE_SLACK_MS = 30_000;

/** What a fault is written with did not succeed, whatever else it says. */
export const isSuccess = (evidence: Evidence): boolean =>
  evidence.succeeded && evidence.fault === null;

/** What tells whether an incident is over. */
type Incident = {
  /** The component's evidence, in any order. */
  readonly evidence: readonly Evidence[];
  readonly nowMs: number;
  readonly rule: ComponentRule;
  readonly lastFailure: Evidence | undefined;
  /** What is older is another incident's. */
  readonly windowMs: number;
};

/**
 * Whether its work has succeeded often enough in a row since it failed last: the failures before
 * are another incident's. What proves itself seldom ends it with its next proof, and what works
 * only on demand with one after which nothing failed for longer than two cycles. A calm that is no
 * longer than one which ended in a failure ends nothing: what fails every third cycle is ill.
 */
export const isIncidentOver = (incident: Incident): boolean => {
  const { evidence, nowMs, rule, lastFailure, windowMs } = incident;
  if (lastFailure === undefined) return true;
  let proofs = 0;
  let oldestMs = Infinity;
  let newestMs = -Infinity;
  for (const { atMs } of evidence) {
    // Nothing that succeeded is newer than the last failure unless it came after it.
    if (atMs <= lastFailure.atMs) continue;
    proofs++;
    oldestMs = Math.min(oldestMs, atMs);
    newestMs = Math.max(newestMs, atMs);
  }
  if (rule.evidenceAgeMaxMs > windowMs) return proofs > 0;
  const quietMs = nowMs - lastFailure.atMs;
  const calmMs = longestCalmMs(incident);
  if (calmMs > 0 && quietMs < calmMs + RELAPSE_SLACK_MS) return false;
  if (rule.duty.type === "afterWork") return proofs > 0 && quietMs >= QUIET_AFTER_WORK_MS;
  return proofs >= PROOFS_TO_RECOVER && newestMs - oldestMs >= RECOVERY_SPAN_MS;
};

/** The longest time within the window from a failure, past a success, to the next; 0 for none. */
const longestCalmMs = ({ evidence, nowMs, windowMs }: Incident): number => {
  const inOrder = evidence
    .filter(({ atMs }) => nowMs - atMs <= windowMs)
    .toSorted((one, other) => one.atMs - other.atMs);
  let longestMs = 0;
  let failedAtMs: number | undefined;
  let hasSucceeded = false;
  for (const one of inOrder) {
    if (isSuccess(one)) hasSucceeded = true;
    else {
      if (failedAtMs !== undefined && hasSucceeded) {
        longestMs = Math.max(longestMs, one.atMs - failedAtMs);
      }
      failedAtMs = one.atMs;
      hasSucceeded = false;
    }
  }
  return longestMs;
};
