import type { ComponentRule } from "./component-registry.ts";

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
