import type { SystemHealth } from "../../shared/domain/health/system-health.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { RegionView } from "../observation.ts";
import { createAlertTopic } from "../services/alert-topic.ts";
import { startSchedule } from "../services/schedule.ts";
import { nextStepMs } from "./hours.ts";
import type { Observe } from "./observe.ts";
import { createRegionFunctions, type Invoke, type RegionFunctions } from "./region-functions.ts";
import { createRegionQueues, type RegionQueues } from "./region-queues.ts";
import { runCycle } from "./run-cycle.ts";
import { runHeal } from "./run-heal.ts";
import { REGIONS } from "./world-settings.ts";
import type { SharedWorld } from "./shared-world.ts";

/** From when to when a Region's schedules run; its trading cycle may end before the others. */
export type ScheduleSpan = {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly cyclesUntilMs: number;
};

/** A Region with its functions, queues, topic and schedules. */
export type Region = {
  readonly name: string;
  readonly invoke: Invoke;
  /** Starts every minute's work. */
  readonly startSchedules: (span: ScheduleSpan) => void;
  /** Ends every environment, as a deployment does. */
  readonly recycle: () => void;
  /** Deploys other settings, or again those that are signed where none are given. */
  readonly deploy: (settings?: Settings) => void;
  readonly runsUnsigned: () => boolean;
  /** Puts messages into a queue, past every function. */
  readonly send: RegionQueues["send"];
  /** Has whatever is sent to a queue before a moment wait. */
  readonly lag: RegionQueues["lag"];
  /** The topic, the pager or the locked store does nothing for anybody before this moment. */
  readonly silence: (what: "topic" | "pager" | "locked", untilMs: number) => void;
  /** Cuts the Region off from the ledger, or heals it. */
  readonly setIsolated: (isIsolated: boolean) => void;
  readonly view: RegionView;
};

const MS_PER_MINUTE = 60_000;
/** Deployed for every five minutes; half of the worlds do without, so that all of them stay cheap. */
const HEALS_EVERY_MINUTES = [10, 15, null, null] as const;

/** Builds a Region; nothing moves until its schedules are started. */
export const createRegion = (given: SharedWorld, signed: Settings): Region => {
  const { region: name } = signed;
  let settings = signed;
  const pagerTrouble = { outUntilMs: -Infinity };
  const lockedTrouble = { outUntilMs: -Infinity };
  let isIsolated = false;
  let health: SystemHealth | undefined;
  // Queues and topic call the functions that are built on them.
  let functions: RegionFunctions | undefined;
  const invoke: Invoke = async (functionName, event) => functions?.invoke(functionName, event);
  const notify = (event: unknown): Promise<unknown> => invoke("notify", event);
  const topic = createAlertTopic({ ...given, region: name, notify });
  const observe: Observe = (happened) => {
    given.observe(happened);
    if (happened.type === "messageDeadLettered") topic.raiseDeadLetters(happened.queue);
  };
  const shared = { ...given, observe };
  const queues = createRegionQueues(shared, name, invoke);
  const isCutOff = (): boolean => isIsolated;
  functions = createRegionFunctions({
    shared,
    settingsNow: () => settings,
    queues,
    topic,
    isCutOff,
    pagerTrouble,
    lockedTrouble,
  });
  const { recycle } = functions;
  const deriveHealth = async (): Promise<void> => {
    // What the function answers is what it derived.
    health = (await invoke("aggregate-health", {})) as SystemHealth;
  };
  return {
    name,
    invoke,
    recycle,
    deploy: (next = signed) => {
      settings = next;
      recycle();
      observe({ type: "configurationDeployed", region: name, isSigned: next === signed });
    },
    runsUnsigned: () => settings !== signed,
    send: queues.send,
    lag: queues.lag,
    silence: (what, untilMs) => {
      const trouble = { topic, pager: pagerTrouble, locked: lockedTrouble }[what];
      trouble.outUntilMs = untilMs;
    },
    startSchedules: (span) => startSchedules(shared, { name, invoke, deriveHealth }, span),
    setIsolated: (next) => {
      if (next === isIsolated) return;
      isIsolated = next;
      observe({ type: next ? "regionIsolated" : "regionHealed", region: name });
    },
    view: {
      name,
      get isIsolated() {
        return isIsolated;
      },
      get queues() {
        return queues.depths();
      },
      get health() {
        return health;
      },
      get openAlerts() {
        return topic.openKeys();
      },
    },
  };
};

/** How often a world heals; undefined where nothing ever begins to. */
export const healEveryMinutes = (streams: SharedWorld["streams"]): number | undefined =>
  streams.stream("healing").pick("every", HEALS_EVERY_MINUTES) ?? undefined;

/** The cycle at the beginning of its minute; the others where their schedules happen to lie. */
const startSchedules = (
  shared: SharedWorld,
  region: {
    readonly name: string;
    readonly invoke: Invoke;
    readonly deriveHealth: () => Promise<void>;
  },
  { startsAtMs: firstMs, endsAtMs, cyclesUntilMs }: ScheduleSpan,
): void => {
  const { name, invoke } = region;
  const phases = shared.streams.stream(`${name} phases`);
  const schedules = [
    {
      schedule: "trading-cycle",
      everyMs: MS_PER_MINUTE,
      phaseMaxMs: 5_000,
      lastMs: cyclesUntilMs,
      run: (slotMs: number) => runCycle(shared.engine, invoke, slotMs),
    },
    {
      schedule: "reconcile-orders",
      everyMs: MS_PER_MINUTE,
      phaseMaxMs: 50_000,
      lastMs: endsAtMs,
      run: () => invoke("reconcile-orders", {}),
    },
    {
      schedule: "redrive-dead-letters",
      everyMs: MS_PER_MINUTE,
      phaseMaxMs: 50_000,
      lastMs: endsAtMs,
      run: () => invoke("redrive-dead-letters", {}),
    },
    {
      schedule: "keep-lease",
      everyMs: MS_PER_MINUTE,
      phaseMaxMs: 10_000,
      lastMs: endsAtMs,
      run: () => invoke("keep-lease", {}),
    },
    {
      schedule: "keep-audit",
      everyMs: MS_PER_MINUTE,
      phaseMaxMs: 50_000,
      lastMs: endsAtMs,
      run: () => invoke("keep-audit", {}),
    },
    {
      schedule: "aggregate-health",
      // Deployed for every minute; what it reads would be a third of a world's work. The Region
      // that mostly waits is looked at half as often.
      everyMs: (name === REGIONS[0] ? 2 : 4) * MS_PER_MINUTE,
      phaseMaxMs: 50_000,
      lastMs: endsAtMs,
      run: region.deriveHealth,
    },
    {
      schedule: "probe-pipeline",
      everyMs: 15 * MS_PER_MINUTE,
      phaseMaxMs: 50_000,
      lastMs: endsAtMs,
      run: () => invoke("probe-pipeline", {}),
    },
    {
      schedule: "heal",
      everyMs: (healEveryMinutes(shared.streams) ?? 0) * MS_PER_MINUTE,
      phaseMaxMs: 50_000,
      lastMs: endsAtMs,
      run: () => runHeal(shared.engine, invoke),
    },
  ] as const;
  for (const { schedule, everyMs, phaseMaxMs, lastMs, run } of schedules) {
    if (everyMs === 0) continue;
    startSchedule({
      ...shared,
      name: `${name} ${schedule}`,
      phaseMs: phases.drawInteger(schedule, 0, phaseMaxMs),
      firstMs,
      lastMs,
      nextSlotMs: (slotMs) => nextStepMs(slotMs, everyMs),
      start: (slotMs) => {
        shared.observe({ type: "slotStarted", region: name, schedule });
        return run(slotMs);
      },
    });
  }
};
