import type { Session } from "../market/calendar.ts";
import {
  assessComponent,
  standingFault,
  type ComponentInput,
  type HealthPolicy,
} from "./assess-component.ts";
import { COMPONENTS, type WorkName } from "./component-registry.ts";
import type { Evidence } from "./evidence.ts";
import type { ComponentHealth, SystemHealth, SystemLevel } from "./system-health.ts";

/** Everything that the system's health is derived from. */
export type SystemInput = {
  /** Evidence by the component's or the work's name. */
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
  /** The session that is open at `nowMs`; `undefined` while the market is closed. */
  readonly openSession: Session | undefined;
  readonly nowMs: number;
};

/**
 * Aggregates health (S4): FAILED if a critical component failed or has gone silent, DEGRADED if a
 * critical one is not healthy or a supportive one failed, OK only if every critical one is.
 */
export const assessSystem = (input: SystemInput, policy: HealthPolicy): SystemHealth => {
  const components = COMPONENTS.map((rule) => assessComponent(componentInput(input, rule), policy));
  const failed = components.filter((one) => one.isCritical && hasFailed(one));
  const lame = components.filter(
    (one) => one.level !== "healthy" && (one.isCritical || hasFailed(one) || isUnknown(one)),
  );
  const atMs = input.nowMs;
  if (failed.length > 0) {
    return { level: failureOf(failed, input), reason: reasonOf(failed), components, atMs };
  }
  if (lame.length > 0) return { level: "DEGRADED", reason: reasonOf(lame), components, atMs };
  const market = input.openSession === undefined ? "The market is closed. " : "";
  const reason = `${market}Every critical component is healthy.`;
  return { level: "OK", reason, components, atMs };
};

/** The kinds of work whose hand-over is evidence. */
export const WORK_NAMES: readonly WorkName[] = ["intents", "alerts"];

const componentInput = (
  { evidence, openSession, nowMs }: SystemInput,
  rule: ComponentInput["rule"],
): ComponentInput => {
  const work = rule.duty.type === "afterWork" ? (evidence.get(rule.duty.work) ?? []) : [];
  return {
    rule,
    evidence: evidence.get(rule.component) ?? [],
    workAtMs: work.map((handOver) => handOver.atMs),
    openSession,
    nowMs,
  };
};

/** Silence after evidence is failure; before the first evidence it is only not known. */
const hasFailed = (one: ComponentHealth): boolean =>
  one.level === "unhealthy" ||
  one.level === "critical" ||
  (isUnknown(one) && one.evidenceAtMs !== null);

const isUnknown = (one: ComponentHealth): boolean => one.level === "unknown";

const failureOf = (failed: readonly ComponentHealth[], input: SystemInput): SystemLevel => {
  const faults = failed.map((one) => standingFault(input.evidence.get(one.component) ?? []));
  if (faults.includes("configuration")) return "FAILED_CONFIG";
  return faults.includes("schema") ? "FAILED_API_SCHEMA" : "FAILED";
};

const reasonOf = (components: readonly ComponentHealth[]): string =>
  components.map((one) => `${one.component}: ${one.reason}`).join(" ");
