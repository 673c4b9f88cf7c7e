import type { Evidence } from "../domain/health/evidence.ts";
import { isStarting } from "../domain/health/assess-system.ts";
import { steadyHealth } from "../domain/health/steady-health.ts";
import type { ComponentHealth, SystemHealth, SystemLevel } from "../domain/health/system-health.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Monitor } from "../ports/monitor.ts";
import type { AlertRecord, Telemetry } from "../ports/telemetry.ts";
import { createAssessHealth } from "./assess-health.ts";
import { tellAgain } from "./keep-alerts.ts";
import { rollBackFlags } from "./roll-back-flags.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type Peer, watchPeer } from "./watch-peer.ts";

/** Derives, keeps and announces the system's health. */
export type AggregateHealth = () => Promise<SystemHealth>;

/** What aggregating health needs. */
export type AggregateHealthDeps = {
  readonly telemetry: Telemetry;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "mode" | "region" | "flags">;
  /** Absent where there is one Region. */
  readonly peer?: Peer | undefined;
  /** Absent where nobody outside listens. */
  readonly monitor?: Monitor | undefined;
};

/** Unchanged health is written this often, so that its history has no holes. */
const HEARTBEAT_MS = 300_000;
const SUMMARY_MAX = 1_024;

/**
 * Derives health from evidence and keeps it when a level changed or the heartbeat is due. A change
 * of the system's level is announced before it is kept: a crash in between announces it twice
 * under one key, which pages once, and never not at all.
 */
export const createAggregateHealth = (deps: AggregateHealthDeps): AggregateHealth => {
  const assess = createAssessHealth(deps);
  return async () => {
    const startedAtMs = deps.clock.monotonicMs();
    const { peer } = deps;
    if (peer !== undefined) await tolerateLoss(watchPeer({ ...deps, peer }));
    // The run that asks is proof of itself.
    const found = await assess(evidenceOf("aggregate-health", "Health was derived.", deps.clock));
    const [before] = await deps.telemetry.loadHealth(1);
    const health = steadyHealth(before, found, { isKept: true });
    const alert = alertOf(before, health, deps.settings);
    if (alert !== undefined) {
      // Stamped before it is handed over: a fast notify answers what is older than its answer.
      const handedOver = evidenceOf("alerts", `${alert.action} ${alert.key}`, deps.clock);
      await deps.alerts.publish(alert);
      await deps.telemetry.recordEvidence(handedOver);
    }
    const incidents = await tellAgain(deps);
    if (alert === undefined) await tellWhatWasLost(deps, incidents, health);
    if (before === undefined || isNew(before, health)) await deps.telemetry.recordHealth(health);
    await rollBackFlags(deps, health);
    await deps.telemetry.recordEvidence({
      ...evidenceOf("aggregate-health", `The system is ${health.level}.`, deps.clock),
      latencyMs: deps.clock.monotonicMs() - startedAtMs,
    });
    // Last of all: whoever dies on the way, or finds that trading failed, is not heard outside.
    if (severityOf(health.level) !== "critical") await deps.monitor?.beat();
    return health;
  };
};

/**
 * A run that announced and died before it kept the level left an incident that no change of level
 * ends, or one that was ended and that none begins again.
 */
const tellWhatWasLost = async (
  { alerts, settings }: AggregateHealthDeps,
  incidents: readonly AlertRecord[],
  health: SystemHealth,
): Promise<void> => {
  const now = announcementOf(health, settings);
  const last = incidents.find(({ alert }) => alert.key === now.key);
  // Of what was never told there is nothing to end.
  if ((last?.alert.action ?? "resolve") !== now.action) await tolerateLoss(alerts.publish(now));
};

const evidenceOf = (
  component: "aggregate-health" | "alerts",
  detail: string,
  clock: Clock,
): Evidence => ({
  component,
  atMs: clock.nowMs(),
  succeeded: true,
  detail,
  latencyMs: null,
  dataAgeMs: null,
  fault: null,
});

const isNew = (before: SystemHealth, now: SystemHealth): boolean =>
  before.level !== now.level ||
  now.atMs - before.atMs >= HEARTBEAT_MS ||
  before.components.length !== now.components.length ||
  before.components.some((one, place) => !isSameLevel(one, now.components[place]));

const isSameLevel = (before: ComponentHealth, now: ComponentHealth | undefined): boolean =>
  before.component === now?.component &&
  before.level === now.level &&
  (before.betterLooks ?? 0) === (now.betterLooks ?? 0) &&
  before.unproven?.isOverdue === now.unproven?.isOverdue;

/** What people are called for: whoever starts has proven nothing yet, and that is no incident. */
const toldLevel = (health: SystemHealth): SystemLevel => (isStarting(health) ? "OK" : health.level);

/**
 * What to announce when the level changes: an incident that begins, gets worse or better, or ends.
 */
const alertOf = (
  before: SystemHealth | undefined,
  health: SystemHealth,
  settings: Pick<Settings, "mode" | "region">,
): Alert | undefined => {
  const last = before === undefined ? "OK" : toldLevel(before);
  return last === toldLevel(health) ? undefined : announcementOf(health, settings);
};

const announcementOf = (
  health: SystemHealth,
  { mode, region }: Pick<Settings, "mode" | "region">,
): Alert => {
  const level = toldLevel(health);
  return {
    key: `system-health-${region}`,
    action: level === "OK" ? "resolve" : "trigger",
    severity: severityOf(level),
    summary: `Holdfast is ${health.level} in ${region}. ${health.reason}`.slice(0, SUMMARY_MAX),
    component: "system",
    mode,
    atMs: health.atMs,
    runbook: "system-health",
  };
};

const severityOf = (level: SystemLevel): Alert["severity"] => {
  switch (level) {
    case "OK":
      return "info";
    case "DEGRADED":
      return "warning";
    case "FAILED":
    case "FAILED_CONFIG":
    case "FAILED_API_SCHEMA":
      return "critical";
  }
};
