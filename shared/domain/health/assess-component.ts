import { type Breach, breachesOf } from "./component-breaches.ts";
import { type Facts, factsOf } from "./component-facts.ts";
import type { ComponentInput } from "./component-input.ts";
import { restOf, silenceOf } from "./component-silence.ts";
import type { Evidence } from "./evidence.ts";
import { firstProofOf } from "./first-proof.ts";
import type { HealthPolicy } from "./health-policy.ts";
import type { ComponentHealth, ComponentLevel } from "./system-health.ts";

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

type Judgement = { readonly level: ComponentLevel; readonly reason: string };

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

const sentence = (breaches: readonly Breach[], lastFailure: Evidence | undefined): string =>
  [
    ...breaches.map((breach) => breach.reason),
    ...(lastFailure === undefined ? [] : [`Last failure: ${lastFailure.detail}`]),
  ].join(" ");
