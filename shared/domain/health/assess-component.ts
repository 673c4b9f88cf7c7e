import type { Session } from "../market/calendar.ts";
import type { ComponentRule } from "./component-registry.ts";
import type { Evidence } from "./evidence.ts";
import { firstProofOf } from "./first-proof.ts";
import { isIncidentOver, isSuccess } from "./incident-over.ts";
import type { ComponentHealth, ComponentLevel } from "./system-health.ts";

/** What health is held to (B3): success rate, errors a minute, age of data. */
export type HealthPolicy = {
  /** Evidence of this time counts for the success rate, and at least as much as is due. */
  readonly windowMs: number;
  readonly successRateMin: number;
  readonly errorsPerMinuteMax: number;
  readonly dataAgeMaxMs: number;
};

/** 85 % over ten minutes, ten errors a minute, data of 300 s. */
export const DEFAULT_HEALTH_POLICY: HealthPolicy = {
  windowMs: 600_000,
  successRateMin: 0.85,
  errorsPerMinuteMax: 10,
  dataAgeMaxMs: 300_000,
};

/** What proves itself seldom is not forgotten before its next proof is due. */
export const windowOf = (rule: ComponentRule, policy: HealthPolicy): number =>
  Math.max(policy.windowMs, rule.evidenceAgeMaxMs);

/** What one component's level is derived from. */
export type ComponentInput = {
  readonly rule: ComponentRule;
  /** The component's evidence, in any order. */
  readonly evidence: readonly Evidence[];
  /** That work was handed to it, in any order; only for components with that duty. */
  readonly workEvidence: readonly Evidence[];
  /** The newest word that nothing is traded here, and why; undefined where there was none. */
  readonly rest: Evidence | undefined;
  /** The session that is open at `nowMs`; `undefined` while the market is closed. */
  readonly openSession: Session | undefined;
  readonly nowMs: number;
};

/**
 * Derives a component's level from its evidence. Only successes prove that it works, so that a
 * failure is never fresh evidence of health; silence where proof is due is `unknown`, and where
 * none is due the reason says why.
 */
export const assessComponent = (input: ComponentInput, policy: HealthPolicy): ComponentHealth => {
  const { rule } = input;
  const facts = factsOf(input, policy);
  const { level, reason } = judge(input, facts, policy);
  // What rested has been waited for since its rest.
  const isUnproven =
    level === "unknown" && facts.newestAtMs === null && restOf(input, undefined) === undefined;
  const { component, isCritical } = rule;
  const health: ComponentHealth = {
    component,
    isCritical,
    level,
    reason,
    evidenceAtMs: facts.newestAtMs,
  };
  if (facts.fault === null && !isUnproven) return health;
  return {
    ...health,
    ...(facts.fault === null ? {} : { fault: facts.fault }),
    ...(isUnproven ? { unproven: firstProofOf(rule, { ...input, sinceMs: input.nowMs }) } : {}),
  };
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

type Facts = {
  readonly newestAtMs: number | null;
  readonly lastSuccess: Evidence | undefined;
  readonly lastFailure: Evidence | undefined;
  readonly fault: Evidence["fault"];
  /** Within the window. */
  readonly successes: number;
  readonly failures: number;
  readonly errorsInMinute: number;
};

type Judgement = { readonly level: ComponentLevel; readonly reason: string };

const factsOf = ({ evidence, nowMs, rule }: ComponentInput, policy: HealthPolicy): Facts => {
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

const judge = (input: ComponentInput, facts: Facts, policy: HealthPolicy): Judgement => {
  const { rule } = input;
  const { lastFailure, successes, failures } = facts;
  if (facts.fault !== null) {
    return { level: "critical", reason: `A person is needed: ${lastFailure?.detail ?? ""}` };
  }
  if (rule.duty.type === "onlyTrouble") return troubleOf(facts);
  const breaches = breachesOf(input, facts, policy);
  const silence = silenceOf(input, facts);
  const weight = breaches.reduce((sum, breach) => sum + breach.weight, 0);
  if (weight >= 3) return { level: "critical", reason: sentence(breaches, lastFailure) };
  if (silence.type === "overdue") return { level: "unknown", reason: silence.reason };
  if (weight > 0) {
    return {
      level: weight === 1 ? "degraded" : "unhealthy",
      reason: sentence(breaches, lastFailure),
    };
  }
  if (silence.type === "quiet") {
    // One component says that trading is halted; the others only rest with it.
    const isHalted = rule.component === "trading-cycle" && silence.rest?.succeeded === false;
    return isHalted ? { level: "degraded", reason: silence.reason } : quiet(facts, silence.reason);
  }
  const total = successes + failures;
  const reason =
    total === 0
      ? "Idle lately: everything handed over was handled."
      : `${successes} of ${total} succeeded lately.`;
  return { level: "healthy", reason };
};

/** The last word stands while it is of this window: what is silent since then troubles nobody. */
const troubleOf = ({ lastSuccess, lastFailure, failures }: Facts): Judgement => {
  const isStanding =
    failures > 0 &&
    lastFailure !== undefined &&
    lastFailure.atMs > (lastSuccess?.atMs ?? -Infinity);
  return isStanding
    ? { level: "degraded", reason: lastFailure.detail }
    : { level: "healthy", reason: "No trouble was told lately." };
};

/** Where no proof is due, the newest evidence stands: what failed last is not healthy. */
const quiet = ({ lastSuccess, lastFailure }: Facts, reason: string): Judgement => {
  const failedLast =
    lastFailure !== undefined && lastFailure.atMs >= (lastSuccess?.atMs ?? -Infinity);
  return failedLast
    ? { level: "degraded", reason: `${reason} The last work failed: ${lastFailure.detail}` }
    : { level: "healthy", reason };
};

/** Evidence that is further ahead shows that a clock is wrong, and everything would look fresh. */
const AHEAD_MAX_MS = 60_000;

type Breach = { readonly weight: number; readonly reason: string };

const breachesOf = (
  input: ComponentInput,
  facts: Facts,
  policy: HealthPolicy,
): readonly Breach[] => {
  const { successes, failures, errorsInMinute, lastSuccess } = facts;
  const { openSession, nowMs, rule } = input;
  const breaches: Breach[] = [];
  const total = successes + failures;
  const isRare = total === 0 || successes / total >= policy.successRateMin;
  const rateWeight = isRare ? 0 : successes === 0 ? 3 : successes / total < 0.5 ? 2 : 1;
  // A supportive component degrades the system only once it has failed.
  const nowWeight = failsNow(facts, rule, policy) ? (rule.isCritical ? 1 : 2) : 0;
  const weight = Math.max(rateWeight, nowWeight);
  if (weight > 0) {
    const reason = isRare ? "It fails now." : `${failures} of ${total} failed lately.`;
    breaches.push({ weight, reason });
  }
  const aheadMs = (facts.newestAtMs ?? -Infinity) - nowMs;
  if (aheadMs > AHEAD_MAX_MS) {
    const reason = `Its evidence is ${seconds(aheadMs)} s ahead of the clock.`;
    breaches.push({ weight: 1, reason });
  }
  if (errorsInMinute > policy.errorsPerMinuteMax) {
    breaches.push({ weight: 1, reason: `${errorsInMinute} errors in the last minute.` });
  }
  const dataAgeMs = lastSuccess?.dataAgeMs ?? null;
  // What was proven before the open is as old as it should be; from the open on silence tells.
  const isOfSession =
    openSession !== undefined && (lastSuccess?.atMs ?? -Infinity) >= openSession.opensAtMs;
  const isResting = restOf(input, lastSuccess?.atMs) !== undefined;
  const isDue = (rule.duty.type === "always" || isOfSession) && !isResting;
  if (isDue && lastSuccess !== undefined && dataAgeMs !== null) {
    const ageMs = dataAgeMs + Math.max(0, nowMs - lastSuccess.atMs);
    if (ageMs > policy.dataAgeMaxMs) {
      breaches.push({ weight: 1, reason: `The newest data is ${seconds(ageMs)} s old.` });
    }
  }
  return breaches;
};

/** A shard beside it that succeeded in the same cycle speaks against it. */
const SAME_CYCLE_MS = 30_000;

/**
 * Whether its newest work failed and nothing beside it succeeded. Failures are written after all
 * retries: a second minute of them would tell nothing but later.
 */
const failsNow = (
  { lastSuccess, lastFailure }: Facts,
  { evidenceAgeMaxMs, isParallel = false }: ComponentRule,
  { windowMs }: HealthPolicy,
): boolean => {
  if (lastFailure === undefined || evidenceAgeMaxMs > windowMs) return false;
  const sinceSuccessMs = lastFailure.atMs - (lastSuccess?.atMs ?? -Infinity);
  return isParallel ? sinceSuccessMs >= SAME_CYCLE_MS : sinceSuccessMs > 0;
};

/** `fresh`: proven in time. `quiet`: no proof is due, and why. `overdue`: it is due and missing. */
type Silence =
  | { readonly type: "fresh" }
  | { readonly type: "quiet"; readonly reason: string; readonly rest?: Evidence }
  | { readonly type: "overdue"; readonly reason: string };

const silenceOf = (input: ComponentInput, { lastSuccess, newestAtMs }: Facts): Silence => {
  const { rule, openSession, nowMs } = input;
  const provenAtMs = lastSuccess?.atMs;
  switch (rule.duty.type) {
    case "always":
      if (provenAtMs === undefined)
        return { type: "overdue", reason: "It has proven nothing yet." };
      return overdueAfter(provenAtMs, nowMs, rule.evidenceAgeMaxMs);
    case "onceBegun":
      return newestAtMs === null
        ? { type: "quiet", reason: "It has not begun here." }
        : overdueAfter(provenAtMs ?? -Infinity, nowMs, rule.evidenceAgeMaxMs);
    case "marketHours": {
      const rest = restOf(input, provenAtMs);
      if (rest !== undefined && nowMs - rest.atMs <= rule.evidenceAgeMaxMs) {
        return { type: "quiet", reason: rest.detail, rest };
      }
      if (rule.duty.isOptional === true && newestAtMs === null) {
        return { type: "quiet", reason: "It has not begun here." };
      }
      if (provenAtMs === undefined && rest === undefined) {
        const closed = openSession === undefined ? " The market is closed." : "";
        return { type: "overdue", reason: `It has proven nothing yet.${closed}` };
      }
      const heardAtMs = Math.max(provenAtMs ?? -Infinity, rest?.atMs ?? -Infinity);
      if (openSession === undefined) {
        const last = `The last proof is ${seconds(nowMs - heardAtMs)} s old.`;
        return { type: "quiet", reason: `The market is closed, so no proof is due. ${last}` };
      }
      // Proof is due from the open on, and from the end of a rest on: neither was silence.
      const sinceMs = Math.max(heardAtMs, openSession.opensAtMs);
      return overdueAfter(sinceMs, nowMs, rule.evidenceAgeMaxMs);
    }
    case "onlyTrouble":
      return { type: "fresh" };
    case "afterWork":
      return afterWork(input, provenAtMs, rule.duty.work);
  }
};

/** The word that excuses this component, unless it has worked since. */
const restOf = (
  { rule, rest }: ComponentInput,
  provenAtMs: number | undefined,
): Evidence | undefined => {
  if (rule.duty.type !== "marketHours" || rest === undefined) return undefined;
  if (rest.atMs < (provenAtMs ?? -Infinity)) return undefined;
  switch (rule.duty.restsWhile) {
    case "nothingIsTraded":
      return rest;
    case "otherRegionTrades":
      // A rest that is as it should be: only the other Region's turn is.
      return rest.succeeded ? rest : undefined;
    case "never":
      return undefined;
  }
};

/**
 * The hand-over and its proof are stamped by two functions' clocks, and the hand-over only after
 * the message went: a proof that seems this much older still answers it. A single message that is
 * lost so close behind a proof shows in the queue's age and its dead letters.
 */
const CLOCK_SKEW_MS = 5_000;

const afterWork = (
  { workEvidence, nowMs, rule }: ComponentInput,
  provenAtMs: number | undefined,
  work: string,
): Silence => {
  const answeredUntilMs = (provenAtMs ?? -Infinity) + CLOCK_SKEW_MS;
  let waitsSinceMs = Infinity;
  for (const { atMs } of workEvidence) {
    if (atMs > answeredUntilMs) waitsSinceMs = Math.min(waitsSinceMs, atMs);
  }
  if (waitsSinceMs === Infinity) {
    return workEvidence.length === 0
      ? { type: "quiet", reason: `Idle: there were no ${work} to handle.` }
      : { type: "fresh" };
  }
  const oldestMs = nowMs - waitsSinceMs;
  return oldestMs > rule.evidenceAgeMaxMs
    ? { type: "overdue", reason: `Handed over ${seconds(oldestMs)} s ago, not handled: ${work}.` }
    : { type: "fresh" };
};

const overdueAfter = (sinceMs: number, nowMs: number, maxMs: number): Silence =>
  nowMs - sinceMs > maxMs
    ? { type: "overdue", reason: `No proof for ${seconds(nowMs - sinceMs)} s.` }
    : { type: "fresh" };

const sentence = (breaches: readonly Breach[], lastFailure: Evidence | undefined): string =>
  [
    ...breaches.map((breach) => breach.reason),
    ...(lastFailure === undefined ? [] : [`Last failure: ${lastFailure.detail}`]),
  ].join(" ");

const seconds = (ms: number): string => Math.round(ms / 1_000).toString();
