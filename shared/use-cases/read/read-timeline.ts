import { CHAOS_SUMMARY } from "../../domain/chaos/chaos-mode.ts";
import { endOf } from "../../domain/chaos/chaos-record.ts";
import type { BreakerTransition } from "../../domain/breaker/transition.ts";
import { RetryableError } from "../../domain/fault.ts";
import type { HealingRecord } from "../../domain/healing/remedy.ts";
import { isStarting } from "../../domain/health/assess-system.ts";
import { responseOf } from "../../domain/health/response.ts";
import { steadyHealth } from "../../domain/health/steady-health.ts";
import type { SystemHealth, SystemLevel } from "../../domain/health/system-health.ts";
import type { ChaosRecord } from "../../domain/chaos/chaos-record.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Healing } from "../../ports/healing.ts";
import type { AlertRecord, Telemetry } from "../../ports/telemetry.ts";
import type { AssessHealth } from "../assess-health.ts";
import { chaosOf, type ControlChaosDeps } from "../control-chaos.ts";

/** Something that happened to the system's health; times are epoch ms. */
export type TimelineEvent = {
  readonly atMs: number;
  readonly kind: "chaos" | "health" | "alert" | "healing" | "vendor";
  readonly tone: "good" | "warn" | "bad" | "unknown";
  readonly title: string;
  readonly detail: string;
};

/** What is wrong, since when, what is done about it, and how it came to that. */
export type TimelineView = {
  readonly atMs: number;
  readonly level: SystemLevel;
  /** Since when it has been at this level; null where that is longer ago than is kept. */
  readonly sinceMs: number | null;
  readonly troubles: readonly {
    readonly component: string;
    readonly level: string;
    readonly sinceMs: number | null;
    readonly reason: string;
    /** What the system does meanwhile. */
    readonly response: string;
  }[];
  /** The remedy that is being tried; null where none is. */
  readonly healing: {
    readonly remedy: string;
    readonly sinceMs: number;
    readonly detail: string;
  } | null;
  /** The last recovery: when, and how long it had taken; null where none is kept. */
  readonly recovered: { readonly atMs: number; readonly tookMs: number } | null;
  /** Newest first. */
  readonly events: readonly TimelineEvent[];
  /** What could not be read. */
  readonly missing: readonly string[];
};

/** What the timeline is read from. */
export type ReadTimelineDeps = ControlChaosDeps & {
  readonly telemetry: Pick<Telemetry, "loadHealth" | "loadAlerts" | "loadTransitions">;
  readonly healing: Pick<Healing, "list">;
  readonly assess: AssessHealth;
  readonly clock: Clock;
};

const HEALTH_MAX = 200;
const ALERTS_MAX = 100;
const OTHERS_MAX = 40;
const EVENTS_MAX = 60;
/** A remedy that has no end by then was interrupted. */
const HEALING_MAX_MS = 10 * 60_000;

/** Reads what happened, from whatever answers: a store that is down leaves out its own part. */
export const createReadTimeline = (deps: ReadTimelineDeps) => async (): Promise<TimelineView> => {
  const missing: string[] = [];
  const part = async <Value>(
    name: string,
    read: () => Promise<Value>,
    fallback: Value,
  ): Promise<Value> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      missing.push(name);
      return fallback;
    }
  };
  const allowed = chaosOf(deps);
  const [found, history, alerts, transitions, remedies, broken] = await Promise.all([
    part("health", deps.assess, undefined),
    part("the history of health", () => deps.telemetry.loadHealth(HEALTH_MAX), []),
    part("alerts", () => deps.telemetry.loadAlerts(ALERTS_MAX), []),
    part("breakers", () => deps.telemetry.loadTransitions(OTHERS_MAX), []),
    part("remedies", () => deps.healing.list(OTHERS_MAX), []),
    part("chaos", async () => (allowed.ok ? allowed.value.log.list(OTHERS_MAX) : []), []),
  ]);
  const nowMs = allowed.ok ? allowed.value.clock.nowMs() : deps.clock.nowMs();
  const health = found && steadyHealth(history[0], found, { isKept: false });
  return {
    atMs: nowMs,
    ...standingOf(health, history, vendorTroubles(transitions)),
    healing: underWay(remedies, nowMs),
    recovered: recoveryOf(history),
    events: [
      ...broken.flatMap((record) => eventsOfChaos(record, nowMs)),
      ...eventsOfHealth(history),
      ...alerts.flatMap(eventsOfAlert),
      ...transitions.flatMap(eventOfBreaker),
      ...remedies.flatMap(eventOfRemedy),
    ]
      .toSorted((left, right) => right.atMs - left.atMs)
      .slice(0, EVENTS_MAX),
    missing,
  };
};

const UNREADABLE: Pick<TimelineView, "level" | "sinceMs" | "troubles"> = {
  level: "FAILED",
  sinceMs: null,
  troubles: [
    {
      component: "telemetry",
      level: "unknown",
      sinceMs: null,
      reason: "The store of health and figures does not answer, and unknown is not OK.",
      response: "What is shown was read before; orders go on only where the ledger answers.",
    },
  ],
};

const standingOf = (
  health: SystemHealth | undefined,
  history: readonly SystemHealth[],
  vendors: TimelineView["troubles"],
): Pick<TimelineView, "level" | "sinceMs" | "troubles"> => {
  if (health === undefined) return UNREADABLE;
  const { level, components } = health;
  return {
    level,
    sinceMs: sinceWhen(history, (one) => one.level === level),
    troubles: [
      ...vendors,
      ...components
        .filter((one) => one.level !== "healthy")
        .map(({ component, level: lame, reason }) => ({
          component,
          level: lame,
          sinceMs: sinceWhen(history, ({ components: then }) =>
            then.some((one) => one.component === component && one.level !== "healthy"),
          ),
          reason,
          response: responseOf(component),
        })),
    ],
  };
};

/** Vendors that are not asked: no component is ill while others stand in for them. */
const vendorTroubles = (transitions: readonly BreakerTransition[]): TimelineView["troubles"] => {
  const names = new Set(transitions.filter(isOfVendor).map(({ name }) => name));
  return [...names].flatMap((name) => {
    const ofName = transitions.filter((one) => one.name === name);
    const closedAgo = ofName.findIndex(({ to }) => to === "closed");
    const sinceThen = closedAgo === -1 ? ofName : ofName.slice(0, closedAgo);
    const began = sinceThen.at(-1);
    if (began === undefined) return [];
    const reason = `It is not asked for the moment: ${began.reason ?? "it failed"}.`;
    const response = "Other vendors stand in; it is asked again, a little, until it answers.";
    return [{ component: name, level: "degraded", sinceMs: began.atMs, reason, response }];
  });
};

const isOfVendor = ({ name }: BreakerTransition): boolean => name.split(".").length === 2;

/** The oldest moment from which on it held at every look; null if it holds as far as is kept. */
const sinceWhen = (
  history: readonly SystemHealth[],
  holds: (health: SystemHealth) => boolean,
): number | null => {
  const before = history.findIndex((one) => !holds(one));
  const first = before === -1 ? undefined : history[before - 1];
  return first?.atMs ?? null;
};

const underWay = (remedies: readonly HealingRecord[], nowMs: number): TimelineView["healing"] => {
  const found = remedies.find(
    ({ outcome, atMs }) => outcome === "applied" && nowMs - atMs < HEALING_MAX_MS,
  );
  if (found === undefined || found.remedy === null) return null;
  return { remedy: found.remedy, sinceMs: found.atMs, detail: found.detail };
};

/** The last time that it became OK, and how long it had not been. */
const recoveryOf = (history: readonly SystemHealth[]): TimelineView["recovered"] => {
  const index = history.findIndex((one, at) => isWell(one) && !isWell(history[at + 1] ?? one));
  const recovered = history[index];
  if (recovered === undefined) return null;
  const ill = history.slice(index + 1);
  const wellAgo = ill.findIndex(isWell);
  const began = wellAgo === -1 ? ill.at(-1) : ill[wellAgo - 1];
  return { atMs: recovered.atMs, tookMs: recovered.atMs - (began?.atMs ?? recovered.atMs) };
};

/** Whoever starts has nothing to recover from. */
const isWell = (health: SystemHealth): boolean => health.level === "OK" || isStarting(health);

const eventsOfChaos = (record: ChaosRecord, nowMs: number): readonly TimelineEvent[] => {
  const { failure, by, beganAtMs } = record;
  const endedAtMs = endOf(record, nowMs);
  const detail = CHAOS_SUMMARY[failure];
  const began = { kind: "chaos", tone: "warn", title: `Broken on purpose: ${failure}` } as const;
  const ended = { kind: "chaos", tone: "good", title: `No longer broken: ${failure}` } as const;
  return [
    { atMs: beganAtMs, ...began, detail: `${detail} By ${by}.` },
    ...(endedAtMs === null || endedAtMs - beganAtMs <= 1
      ? []
      : [{ atMs: endedAtMs, ...ended, detail: "" }]),
  ];
};

const eventsOfHealth = (history: readonly SystemHealth[]): readonly TimelineEvent[] =>
  history.flatMap(({ atMs, level, reason }, index) => {
    if (history[index + 1]?.level === level || history[index + 1] === undefined) return [];
    const title = `Holdfast is ${level}`;
    return [{ atMs, kind: "health", tone: toneOf(level), title, detail: reason } as const];
  });

const toneOf = (level: SystemLevel): TimelineEvent["tone"] => {
  switch (level) {
    case "OK":
      return "good";
    case "DEGRADED":
      return "warn";
    case "FAILED":
    case "FAILED_CONFIG":
    case "FAILED_API_SCHEMA":
      return "bad";
  }
};

const eventsOfAlert = ({ alert, toldAtMs, beganAtMs }: AlertRecord): readonly TimelineEvent[] => {
  const { action, severity, summary, key } = alert;
  const told = toldAtMs === null ? "not handed over yet" : "handed over";
  const isOver = action === "resolve";
  // What was over before it began was only said to be well.
  if (isOver && (beganAtMs ?? alert.atMs) >= alert.atMs) return [];
  const began: TimelineEvent = {
    atMs: beganAtMs ?? alert.atMs,
    kind: "alert",
    tone: severity === "critical" || severity === "error" ? "bad" : "warn",
    title: isOver ? `Alert ${key} began` : `Alert, ${severity}, ${told}`,
    detail: isOver ? "It has ended since." : summary,
  };
  if (!isOver) return [began];
  const over = { kind: "alert", tone: "good", title: `Alert ${key} is over` } as const;
  return [began, { atMs: alert.atMs, ...over, detail: summary }];
};

const eventOfBreaker = (transition: BreakerTransition): readonly TimelineEvent[] => {
  if (!isOfVendor(transition)) return [];
  const { name, to, reason, atMs } = transition;
  const tone = to === "closed" ? "good" : to === "open" ? "bad" : "warn";
  const title = `${name}: ${BREAKER_WORDS[to]}`;
  return [{ atMs, kind: "vendor", tone, title, detail: reason ?? "" }];
};

const BREAKER_WORDS: Readonly<Record<BreakerTransition["to"], string>> = {
  open: "not asked for the moment",
  halfOpen: "asked again, to try",
  closed: "answers again",
};

const eventOfRemedy = (record: HealingRecord): readonly TimelineEvent[] => {
  const { remedy, outcome, detail, atMs } = record;
  if (remedy === null) return [];
  return [
    { atMs, kind: "healing", tone: HEALING_TONE[outcome], title: `${remedy}: ${outcome}`, detail },
  ];
};

const HEALING_TONE: Readonly<Record<HealingRecord["outcome"], TimelineEvent["tone"]>> = {
  applied: "warn",
  helped: "good",
  cleared: "good",
  undone: "bad",
  failed: "bad",
  escalated: "bad",
};
