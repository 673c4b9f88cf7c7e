import type { Evidence } from "../../shared/domain/health/evidence.ts";
import type { ComponentLevel, SystemHealth } from "../../shared/domain/health/system-health.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { WorldEvent } from "../world/world-event.ts";

/** A moment on both clocks: the world's in epoch ms, and the host's own in monotonic ms. */
export type Moment = { readonly worldMs: number; readonly hostMs: number };

/** What a watch has seen of a world since it was armed. */
export type Sightings = {
  /** The first evidence of a failure: a component's own word, a breaker, damage, a bug. */
  readonly firstSign: Moment | null;
  readonly firstSignText: string;
  /** The first alert that reached the pager. */
  readonly firstAlert: Moment | null;
  readonly alerts: ReadonlySet<string>;
  readonly remedies: ReadonlySet<string>;
  readonly worst: string | null;
  /** The worst level of each component. */
  readonly worstOf: ReadonlyMap<string, ComponentLevel>;
};

/** Watches one world from its seams; changes nothing. */
export type ScenarioWatch = {
  readonly tell: (event: WorldEvent) => void;
  readonly watchTelemetry: (telemetry: Telemetry) => Telemetry;
  /** Damage is seen by whoever reads it. */
  readonly watchLedger: (ledger: Ledger) => Ledger;
  /** Forgets what was seen before: from now on it counts. */
  readonly arm: () => void;
  readonly seen: () => Sightings;
  readonly health: () => SystemHealth | undefined;
  /** When each symbol was last scored, the world's time. */
  readonly scoredAtMs: () => ReadonlyMap<string, number>;
};

/** What a watch looks at the clock with. */
export type WatchClock = { readonly nowMs: () => number; readonly hostMs: () => number };

const SEVERITY = ["OK", "DEGRADED", "FAILED_API_SCHEMA", "FAILED_CONFIG", "FAILED"];
const RANK: readonly ComponentLevel[] = ["healthy", "degraded", "unhealthy", "unknown", "critical"];

/** Makes a watch that has seen nothing. */
export const createScenarioWatch = (clock: WatchClock): ScenarioWatch => {
  let isArmed = false;
  let sightings = nothing();
  let health: SystemHealth | undefined;
  const scoredAtMs = new Map<string, number>();
  const now = (): Moment => ({ worldMs: clock.nowMs(), hostMs: clock.hostMs() });
  const sign = (text: string): void => {
    if (!isArmed || sightings.firstSign !== null) return;
    sightings.firstSign = now();
    sightings.firstSignText = text;
  };
  const seeEvidence = ({ succeeded, fault, component, detail }: Evidence): void => {
    if (!succeeded || fault !== null) sign(`${component}: ${detail}`);
  };
  const seeHealth = (next: SystemHealth): void => {
    health = next;
    if (!isArmed) return;
    if (next.level !== "OK") sign(`health: ${next.reason}`);
    if (SEVERITY.indexOf(next.level) > SEVERITY.indexOf(sightings.worst ?? "")) {
      sightings.worst = next.level;
    }
    for (const { component, level } of next.components) {
      const before = sightings.worstOf.get(component) ?? "healthy";
      if (RANK.indexOf(level) >= RANK.indexOf(before)) sightings.worstOf.set(component, level);
    }
  };
  const seeAlert = ({ action, key }: Alert): void => {
    if (!isArmed || action !== "trigger") return;
    sightings.firstAlert ??= now();
    sightings.alerts.add(key);
  };
  return {
    tell: (event) => {
      if (event.type === "alert") seeAlert(event.alert);
      if (event.type === "fault" && isSign(event)) sign(`${event.name}: ${event.detail}`);
      if (event.type === "healing") sign(`diagnosis: ${event.detail}`);
      if (event.type === "healing" && isArmed && event.outcome === "applied") {
        sightings.remedies.add(event.detail.split(":")[0] ?? event.detail);
      }
    },
    watchTelemetry: (telemetry) => ({
      ...telemetry,
      recordEvidence: async (evidence) => {
        seeEvidence(evidence);
        await telemetry.recordEvidence(evidence);
      },
      recordTransition: async (transition) => {
        if (transition.to === "open") sign(`${transition.name} opens.`);
        await telemetry.recordTransition(transition);
      },
      recordHealth: async (next) => {
        seeHealth(next);
        await telemetry.recordHealth(next);
      },
      recordScores: async (shard, scores) => {
        for (const { symbol } of scores) scoredAtMs.set(symbol, clock.nowMs());
        await telemetry.recordScores(shard, scores);
      },
    }),
    watchLedger: (ledger) => ({
      ...ledger,
      loadCell: async (account) => {
        const loaded = await ledger.loadCell(account);
        if (!loaded.ok) sign(`ledger: ${loaded.error.type}, ${loaded.error.detail}`);
        return loaded;
      },
    }),
    arm: () => {
      isArmed = true;
      sightings = nothing();
    },
    seen: () => sightings,
    health: () => health,
    scoredAtMs: () => scoredAtMs,
  };
};

/** What is tried again by itself is no sign of anything; but who derives health must not fail. */
const isSign = ({ isPassing, detail, name }: Extract<WorldEvent, { type: "fault" }>): boolean =>
  !isPassing || name === "aggregate-health" || detail.startsWith("aggregate-health failed");

type Mutable = { -readonly [Key in keyof Sightings]: Sightings[Key] } & {
  alerts: Set<string>;
  remedies: Set<string>;
  worstOf: Map<string, ComponentLevel>;
};

const nothing = (): Mutable => ({
  firstSign: null,
  firstSignText: "",
  firstAlert: null,
  alerts: new Set(),
  remedies: new Set(),
  worst: null,
  worstOf: new Map(),
});
