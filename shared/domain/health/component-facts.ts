import type { ComponentInput } from "./component-input.ts";
import type { Evidence } from "./evidence.ts";
import { type HealthPolicy, windowOf } from "./health-policy.ts";
import { isIncidentOver, isSuccess } from "./incident-over.ts";

/** What a component's evidence comes to. */
export type Facts = {
  readonly newestAtMs: number | null;
  readonly lastSuccess: Evidence | undefined;
  readonly lastFailure: Evidence | undefined;
  readonly fault: Evidence["fault"];
  /** Within the window. */
  readonly successes: number;
  readonly failures: number;
  readonly errorsInMinute: number;
};

/** Counts a component's evidence, and finds its newest word of either kind. */
export const factsOf = ({ evidence, nowMs, rule }: ComponentInput, policy: HealthPolicy): Facts => {
  const windowMs = windowOf(rule, policy);
  let lastSuccess: Evidence | undefined;
  let lastFailure: Evidence | undefined;
  let successes = 0;
  for (const one of evidence) {
    if (isSuccess(one)) {
      if (nowMs - one.atMs <= windowMs) successes++;
      if (lastSuccess === undefined || one.atMs > lastSuccess.atMs) lastSuccess = one;
    } else if (lastFailure === undefined || one.atMs > lastFailure.atMs) lastFailure = one;
  }
  const newestAtMs = Math.max(lastSuccess?.atMs ?? -1, lastFailure?.atMs ?? -1);
  const incident = { evidence, nowMs, rule, lastFailure, windowMs: policy.windowMs };
  // Most have not failed at all, and need not be looked through again.
  const hasFailed = lastFailure !== undefined;
  const { failures, errorsInMinute } =
    hasFailed && !isIncidentOver(incident) ? countFailures(incident, windowMs) : NO_FAILURES;
  return {
    newestAtMs: newestAtMs < 0 ? null : newestAtMs,
    lastSuccess,
    lastFailure,
    // A fault is a failure, whatever else its evidence says.
    fault: hasFailed ? faultSince(evidence, lastSuccess) : null,
    successes,
    failures,
    errorsInMinute,
  };
};

const NO_FAILURES: Pick<Facts, "failures" | "errorsInMinute"> = { failures: 0, errorsInMinute: 0 };

const countFailures = (
  { evidence, nowMs }: Pick<ComponentInput, "evidence" | "nowMs">,
  windowMs: number,
): typeof NO_FAILURES => {
  let failures = 0;
  let errorsInMinute = 0;
  for (const one of evidence) {
    const ageMs = nowMs - one.atMs;
    if (isSuccess(one) || ageMs > windowMs) continue;
    failures++;
    if (ageMs <= 60_000) errorsInMinute++;
  }
  return { failures, errorsInMinute };
};

/** What is wrong that only a person can cure: the newest such fault since the last success. */
const faultSince = (
  evidence: readonly Evidence[],
  lastSuccess: Evidence | undefined,
): Evidence["fault"] => {
  let standing: Evidence | undefined;
  for (const one of evidence) {
    if (one.fault === null || one.atMs < (lastSuccess?.atMs ?? 0)) continue;
    if (standing === undefined || one.atMs >= standing.atMs) standing = one;
  }
  return standing?.fault ?? null;
};
