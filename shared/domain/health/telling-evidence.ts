import { type HealthPolicy, windowOf } from "./health-policy.ts";
import type { ComponentRule } from "./component-registry.ts";
import type { Evidence } from "./evidence.ts";
import { isSuccess } from "./incident-over.ts";

/**
 * What of a component's evidence, newest first, its level can still depend on at `nowMs`: all of
 * the window that its rates are counted over, and behind it as much as reaches its last success.
 */
export const tellingEvidence = (
  newestFirst: readonly Evidence[],
  rule: ComponentRule,
  policy: HealthPolicy,
  nowMs: number,
): readonly Evidence[] => {
  const sinceMs = nowMs - windowOf(rule, policy);
  let provenAtMs = -Infinity;
  for (let place = 0; place < newestFirst.length; place++) {
    const one = newestFirst[place] as Evidence;
    // A failure of the very moment of the last success stands against it.
    if (one.atMs < sinceMs && one.atMs < provenAtMs) return newestFirst.slice(0, place);
    if (provenAtMs === -Infinity && isSuccess(one)) provenAtMs = one.atMs;
  }
  return newestFirst;
};
