import { createChaosSwitch } from "../../shared/adapters/chaos/chaos-control.ts";
import type { ChaosWorld as WorldThatMayBreak } from "../../shared/domain/chaos/chaos-mode.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { compareLedger, countUnknown, ownOrders } from "../drills/compare-ledger.ts";
import { createChaosWorld, type ChaosWorld } from "./chaos-world.ts";
import { createLiveMinute, type MinuteSeen } from "./live-minute.ts";
import type { ChaosScenario } from "./scenarios.ts";

/** What one scenario came to; times are the world's milliseconds, null where it never happened. */
export type ScenarioResult = {
  readonly name: ChaosScenario["name"];
  readonly expects: ChaosScenario["expects"];
  readonly resumesAlone: boolean;
  /** From the fault to the first minute that shows it: health, a failing function, a diagnosis. */
  readonly detectMs: number | null;
  /** From the fault to the first page, an error alarm of a function included. */
  readonly alertMs: number | null;
  /** How often something met the fault. */
  readonly struck: number;
  /** From the end of the fault to the next order. */
  readonly tradesAgainMs: number | null;
  /** From the end of the fault to health that is OK again. */
  readonly recoverMs: number | null;
  /** What health last said, in its own words. */
  readonly lastReason: string;
  /** The worst level that health showed; null where it could not be derived at all. */
  readonly worst: string | null;
  readonly alerts: readonly string[];
  readonly remedies: readonly string[];
  readonly ordersSent: number;
  readonly ordersDoubled: number;
  readonly ordersUnguarded: number;
  /** Claims without a known end, and what ledger and broker differ in, after the recovery. */
  readonly dataLost: readonly string[];
  /** Components that were not struck: how many, and which of them failed all the same. */
  readonly bystanders: number;
  readonly cascaded: readonly string[];
  readonly ok: boolean;
  /** What did not hold, a sentence each. */
  readonly broken: readonly string[];
};

/** How a scenario is played. */
export type PlayOptions = {
  readonly settings: Settings;
  readonly seed: number;
  readonly startsAtMs: number;
  readonly world: WorldThatMayBreak;
};

const MINUTE_MS = 60_000;
const CALM_MINUTES = 20;
const FAULT_MINUTES = 12;
const RECOVERY_MINUTES_MAX = 40;
/** Bounds of a pass: five minutes of silence are an alarm everywhere else too. */
const DETECT_MAX_MS = 5 * MINUTE_MS;
const ALERT_MAX_MS = 7 * MINUTE_MS;
/** A function that fails in this many minutes in a row raises its alarm. */
const ALARM_MINUTES = 2;
const FAILED_LEVELS = ["unhealthy", "critical"];

/** Trades in calm, breaks one thing, mends it, waits for recovery, and judges what was left. */
export const playScenario = async (
  scenario: ChaosScenario,
  options: PlayOptions,
): Promise<ScenarioResult> => {
  const chaos = createChaosSwitch(options.world);
  const world = createChaosWorld({ ...options, chaos });
  const live = createLiveMinute(world);
  let slotMs = options.startsAtMs;
  const next = async (): Promise<MinuteSeen> => {
    const seen = await live(slotMs);
    slotMs += MINUTE_MS;
    return seen;
  };
  let before: MinuteSeen | undefined;
  for (let minute = 0; minute < CALM_MINUTES; minute++) before = await next();
  const alertsBefore = world.alerts.length;
  const watch = createWatch(scenario, slotMs, before);
  await strike(scenario, world);
  for (let minute = 0; minute < FAULT_MINUTES; minute++) {
    watch.see(await next(), slotMs, world.alerts.slice(alertsBefore));
  }
  chaos.inject("off");
  const mendedAtMs = slotMs;
  let recoverMs: number | null = null;
  let lastReason = "";
  let tradesAgainMs: number | null = null;
  const struck = chaos.struck() + (STRIKE_ONCE.includes(scenario.name) ? 1 : 0);
  const ordersBefore = ownOrders(world.exchange).length;
  for (
    let minute = 0;
    minute < RECOVERY_MINUTES_MAX && (recoverMs === null || tradesAgainMs === null);
    minute++
  ) {
    const seen = await next();
    watch.see(seen, slotMs, world.alerts.slice(alertsBefore));
    lastReason = seen.health?.reason ?? "Health could not be derived.";
    if (seen.health?.level === "OK") recoverMs ??= slotMs - mendedAtMs;
    if (ownOrders(world.exchange).length > ordersBefore) tradesAgainMs ??= slotMs - mendedAtMs;
  }
  return conclude(scenario, world, {
    ...watch.end(),
    recoverMs,
    lastReason,
    struck,
    tradesAgainMs,
    alertsBefore,
  });
};

const STRIKE_ONCE: readonly string[] = ["state_corrupt", "queue_poison", "config_drift"];

/** What strikes once is done here; what lasts is the switch's. */
const strike = async ({ name }: ChaosScenario, world: ChaosWorld): Promise<void> => {
  // Damage that is done to the store itself can be repaired; the switch's cannot.
  if (!STRIKE_ONCE.includes(name)) world.chaos.inject(name);
  if (name === "state_corrupt") await world.corruptCell();
  if (name === "queue_poison") await world.poisonQueues();
  if (name === "config_drift") world.driftConfiguration();
};

type Watched = {
  readonly detectMs: number | null;
  readonly alertMs: number | null;
  readonly worst: string | null;
  readonly remedies: readonly string[];
  readonly cascaded: readonly string[];
  readonly bystanders: number;
};

const createWatch = (
  { strikes }: ChaosScenario,
  struckAtMs: number,
  before: MinuteSeen | undefined,
) => {
  let detectMs: number | null = null;
  let alertMs: number | null = null;
  let worst: string | null = null;
  const remedies = new Set<string>();
  const cascaded = new Set<string>();
  const failures = new Map<string, number>();
  const lame = new Set(
    before?.health?.components
      .filter(({ level }) => level !== "healthy")
      .map(({ component }) => component),
  );
  const isStruck = (component: string): boolean =>
    strikes.includes("*") || strikes.includes(component) || lame.has(component);
  let bystanders = 0;
  return {
    see: ({ health, failed, healed }: MinuteSeen, nowMs: number, alerts: readonly unknown[]) => {
      for (const name of failed) failures.set(name, (failures.get(name) ?? 0) + 1);
      for (const name of failures.keys()) if (!failed.includes(name)) failures.delete(name);
      const components = health?.components ?? [];
      const isNews = components.some(
        ({ component, level }) => level !== "healthy" && !lame.has(component),
      );
      const isFound = healed.some((one) => "findings" in one && one.findings.length > 0);
      if (isNews || failed.length > 0 || isFound || health === undefined) {
        detectMs ??= nowMs - struckAtMs;
      }
      const isAlarm = [...failures.values()].some((minutes) => minutes >= ALARM_MINUTES);
      if (alerts.length > 0 || isAlarm) {
        alertMs ??= nowMs - struckAtMs;
        detectMs ??= alertMs;
      }
      worst = worseOf(worst, health?.level ?? null);
      for (const one of healed) if ("remedy" in one) remedies.add(one.remedy);
      bystanders = Math.max(
        bystanders,
        components.filter((one) => !isStruck(one.component)).length,
      );
      for (const { component, level } of components) {
        if (FAILED_LEVELS.includes(level) && !isStruck(component)) cascaded.add(component);
      }
    },
    end: (): Watched => ({
      detectMs,
      alertMs,
      worst,
      remedies: [...remedies],
      cascaded: [...cascaded],
      bystanders,
    }),
  };
};

const SEVERITY = ["OK", "DEGRADED", "FAILED_API_SCHEMA", "FAILED_CONFIG", "FAILED"];

const worseOf = (left: string | null, right: string | null): string | null =>
  right !== null && SEVERITY.indexOf(right) > SEVERITY.indexOf(left ?? "") ? right : left;

const conclude = async (
  scenario: ChaosScenario,
  world: ChaosWorld,
  seen: Watched & {
    readonly recoverMs: number | null;
    readonly struck: number;
    readonly tradesAgainMs: number | null;
    readonly lastReason: string;
    readonly alertsBefore: number;
  },
): Promise<ScenarioResult> => {
  const { alertsBefore, ...watched } = seen;
  const loaded = await world.ledger.loadCell(world.settings.account);
  const cell = loaded.ok ? loaded.value : undefined;
  const dataLost =
    cell === undefined
      ? ["The account's cell cannot be read."]
      : [
          ...compareLedger(cell, world.exchange),
          ...(countUnknown(cell) > 0 ? [`${countUnknown(cell)} orders are unknown.`] : []),
        ];
  const { duplicateOrders, unguardedOrders } = world.witness.findFaults();
  const alerts = world.alerts.slice(alertsBefore).filter(({ action }) => action === "trigger");
  const measured = {
    name: scenario.name,
    expects: scenario.expects,
    resumesAlone: scenario.resumesAlone,
    ...watched,
    alerts: [...new Set(alerts.map(({ key }) => key))],
    ordersSent: ownOrders(world.exchange).length,
    ordersDoubled: duplicateOrders,
    ordersUnguarded: unguardedOrders,
    dataLost,
  };
  const broken = judge(measured);
  return { ...measured, ok: broken.length === 0, broken };
};

/** What must hold, and does not. */
const judge = (result: Omit<ScenarioResult, "ok" | "broken">): readonly string[] => {
  const { detectMs, alertMs, recoverMs, expects, dataLost, cascaded } = result;
  const mustBeSeen = expects === "alert";
  return [
    ...(result.struck > 0 ? [] : ["Nothing met the fault: the scenario proves nothing."]),
    ...(result.tradesAgainMs === null && result.resumesAlone
      ? ["No order was sent after it."]
      : []),
    ...(result.ordersSent > 0 ? [] : ["Nothing was traded: the scenario proves nothing."]),
    ...(mustBeSeen && !(detectMs !== null && detectMs <= DETECT_MAX_MS)
      ? ["It was not detected within five minutes."]
      : []),
    ...(mustBeSeen && !(alertMs !== null && alertMs <= ALERT_MAX_MS)
      ? ["Nobody was told within seven minutes."]
      : []),
    ...(recoverMs === null
      ? [`Health was not OK again within forty minutes: ${result.lastReason}`]
      : []),
    ...(result.ordersDoubled > 0 ? [`${result.ordersDoubled} orders were doubled.`] : []),
    ...(result.ordersUnguarded > 0 ? [`${result.ordersUnguarded} orders had no claim.`] : []),
    ...dataLost,
    ...cascaded.map((component) => `${component} was taken down although it was not struck.`),
  ];
};
