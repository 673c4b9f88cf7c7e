import type { Facts } from "./component-facts.ts";
import type { ComponentInput } from "./component-input.ts";
import type { ComponentRule } from "./component-registry.ts";
import { restOf } from "./component-silence.ts";
import type { HealthPolicy } from "./health-policy.ts";
import { inSeconds } from "./in-seconds.ts";

/** Evidence that is further ahead shows that a clock is wrong, and everything would look fresh. */
const AHEAD_MAX_MS = 60_000;

/** One thing that is not as it should be; together, three of weight are critical. */
export type Breach = { readonly weight: number; readonly reason: string };

/** Everything that is not as it should be with the work that was done. */
export const breachesOf = (
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
    const reason = `Its evidence is ${inSeconds(aheadMs)} s ahead of the clock.`;
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
      breaches.push({ weight: 1, reason: `The newest data is ${inSeconds(ageMs)} s old.` });
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
