import type { Functions } from "../functions.ts";
import type { LocalChaos } from "../chaos/local-chaos.ts";
import type { ApiAnswer, ApiEvent } from "./api-event.ts";
import { createDayKeeper } from "./day-keeper.ts";
import { createDuties } from "./duties.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import type { MachineryOptions } from "./machinery-options.ts";
import { createPollers } from "./pollers.ts";
import { prepareAccount } from "./prepare-account.ts";
import { routeApi } from "./route-api.ts";
import { createScheduler } from "./scheduler.ts";
import { createSchedules } from "./schedules.ts";
import type { WorldEnd } from "./world.ts";

/** Functions with what wakes them: schedules, queues, the topic and the API. */
export type Machinery = {
  readonly answerApi: (event: ApiEvent) => Promise<ApiAnswer>;
  /** One step of the failover workflow. */
  readonly failOver: Functions["failOver"];
  /** Absent where nothing may be broken on purpose. */
  readonly chaos: LocalChaos | undefined;
  /** Reconciles before anything else, then lets schedules and queues go. */
  readonly start: () => Promise<void>;
  /** Begins nothing any more, and waits for what is at work. */
  readonly stop: () => Promise<void>;
  readonly end: () => Promise<Pick<WorldEnd, "level" | "tradingMode" | "schedules">>;
};

/** Builds the machinery; nothing moves until it is started. */
export const createMachinery = (options: MachineryOptions): Machinery => {
  const { clock, queues, settings, timers, random, pause, onFailure } = options;
  const duties = createDuties(options);
  const { functions, ledger, chaos, health } = duties;
  const keeper = createLeaseKeeper(functions, options);
  const scheduler = createScheduler({
    clock,
    timers,
    onFailure,
    schedules: [
      ...createSchedules(functions, options, duties),
      ...(options.regionItems === undefined ? [] : [keeper.schedule]),
    ],
  });
  const pollers = createPollers({ queues, functions, timers, nowMs: clock.nowMs, onFailure });
  let isPrepared = false;
  const days = createDayKeeper({
    ...options,
    // Real hours pass by themselves.
    skipsClosedHours: settings.mode === "sim",
    isIdle: () => isPrepared && scheduler.isIdle() && pollers.every((poller) => poller.isIdle()),
    onJump: scheduler.replan,
  });
  return {
    answerApi: (event) => answerApi(functions, event),
    failOver: functions.failOver,
    chaos,
    start: async () => {
      days.start();
      await chaos?.begin();
      // Whoever starts a world signs what it is started with.
      await duties.signedConfiguration.adopt();
      const { reconcile } = duties;
      const { nowMs } = clock;
      const writer = { ledger, random, pause };
      await prepareAccount({ ...writer, functions, reconcile, settings, nowMs, onFailure });
      isPrepared = true;
      for (const poller of pollers) poller.start();
      scheduler.start();
    },
    stop: async () => {
      days.stop();
      duties.settling.stop();
      health.stop();
      await duties.stopHealing();
      await scheduler.stop();
      await keeper.stop();
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
    end: async () => {
      const cell = await ledger.loadCell(settings.account);
      const tradingMode = cell.ok ? (cell.value?.tradingState.mode ?? null) : null;
      return { level: health.level(), tradingMode, schedules: scheduler.counts() };
    },
  };
};

const answerApi = async (functions: Functions, event: ApiEvent): Promise<ApiAnswer> => {
  const { statusCode, headers, body } = await routeApi(functions, event)(event);
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { status: statusCode ?? 500, headers: Object.fromEntries(texts), body: body ?? "" };
};
