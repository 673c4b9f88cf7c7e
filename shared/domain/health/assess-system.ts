import type { Session } from "../market/calendar.ts";
import { assessComponent } from "./assess-component.ts";
import type { ComponentInput } from "./component-input.ts";
import type { HealthPolicy } from "./health-policy.ts";
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

/** Derives every component's level from evidence, and the system's from theirs. */
export const assessSystem = (input: SystemInput, policy: HealthPolicy): SystemHealth => {
  const rest = restIn(input.evidence);
  const components = COMPONENTS.map((rule) =>
    assessComponent(componentInput(input, rule, rest), policy),
  );
  return aggregate(components, { atMs: input.nowMs, isOpen: input.openSession !== undefined });
};

/**
 * Aggregates health (S4): FAILED if a critical component failed or has gone silent, DEGRADED if a
 * critical one is not healthy or a supportive one failed, OK only if every critical one is.
 */
export const aggregate = (
  components: readonly ComponentHealth[],
  { atMs, isOpen }: { readonly atMs: number; readonly isOpen: boolean },
): SystemHealth => {
  const failed = components.filter((one) => one.isCritical && hasFailed(one));
  const lame = components.filter(isLame);
  if (failed.length > 0) {
    return { level: failureOf(failed), reason: reasonOf(failed), components, atMs };
  }
  if (lame.length > 0) {
    // What only starts explains nothing where something else is wrong.
    const wrong = lame.filter((one) => !starts(one));
    const reason = reasonOf(wrong.length > 0 ? wrong : lame);
    return { level: "DEGRADED", reason, components, atMs };
  }
  const market = isOpen ? "" : "The market is closed. ";
  const reason = `${market}Every critical component is healthy.`;
  return { level: "OK", reason, components, atMs };
};

/**
 * Whether nothing is wrong but that some components have proven nothing yet and need not have: not
 * OK, since nobody knows, but nothing to call anybody for.
 */
export const isStarting = ({ level, components }: SystemHealth): boolean =>
  level !== "OK" && components.filter(isLame).every(starts);

/** The kinds of work whose hand-over is evidence. */
export const WORK_NAMES: readonly WorkName[] = ["intents", "alerts"];

/**
 * The name under which open-cycle says that nothing is traded here although the market is open:
 * it succeeded where the other Region trades, and did not where trading is halted.
 */
export const REST = "rest";

const componentInput = (
  { evidence, openSession, nowMs }: SystemInput,
  rule: ComponentInput["rule"],
  rest: Evidence | undefined,
): ComponentInput => ({
  rule,
  evidence: evidence.get(rule.component) ?? NONE,
  workEvidence: rule.duty.type === "afterWork" ? (evidence.get(rule.duty.work) ?? NONE) : NONE,
  rest,
  openSession,
  nowMs,
});

const NONE: readonly never[] = [];

/**
 * That another Region trades is believed only where that Region is watched, as `keep-lease` does
 * where there are two: a cell that names one that is not there would leave this one well for ever.
 */
const restIn = (evidence: SystemInput["evidence"]): Evidence | undefined => {
  const rest = newestOf(evidence.get(REST) ?? []);
  const isWatched = (evidence.get("keep-lease") ?? []).length > 0;
  return rest?.succeeded === true && !isWatched ? undefined : rest;
};

const newestOf = (evidence: readonly Evidence[]): Evidence | undefined =>
  evidence.reduce<Evidence | undefined>(
    (newest, one) => (newest === undefined || one.atMs > newest.atMs ? one : newest),
    undefined,
  );

/** Silence is failure; before the first proof is due it is only not known. */
const hasFailed = (one: ComponentHealth): boolean =>
  one.level === "unhealthy" || one.level === "critical" || (isUnknown(one) && !starts(one));

const isUnknown = (one: ComponentHealth): boolean => one.level === "unknown";

const starts = ({ unproven }: ComponentHealth): boolean => unproven?.isOverdue === false;

/** Whether a component is why the system is not OK: a supportive one must have failed for that. */
export const isLame = (one: ComponentHealth): boolean =>
  one.level !== "healthy" && (one.isCritical || hasFailed(one) || isUnknown(one));

const failureOf = (failed: readonly ComponentHealth[]): SystemLevel => {
  const faults = new Set(failed.map(({ fault }) => fault));
  if (faults.has("configuration")) return "FAILED_CONFIG";
  return faults.has("schema") ? "FAILED_API_SCHEMA" : "FAILED";
};

const reasonOf = (components: readonly ComponentHealth[]): string =>
  components.map((one) => `${one.component}: ${one.reason}`).join(" ");
