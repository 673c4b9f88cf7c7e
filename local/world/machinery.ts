import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { createFileArchive } from "../../shared/adapters/host/file-archive.ts";
import { createLockedFiles } from "../../shared/adapters/host/locked-files.ts";
import { createOwnEnvironment } from "../../shared/adapters/host/own-environment.ts";
import type { HttpClient } from "../../shared/adapters/http/http-client.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";
import type { OwnEnvironment } from "../../shared/ports/own-environment.ts";
import type { ReconcileReport } from "../../shared/use-cases/reconcile-orders.ts";
import type { Functions } from "../functions.ts";
import type { ApiAnswer, ApiEvent } from "./api-event.ts";
import { createDayKeeper } from "./day-keeper.ts";
import { createPollers } from "./pollers.ts";
import { prepareAccount } from "./prepare-account.ts";
import type { WorldQueues } from "./queues.ts";
import { runOnceAtATime } from "./run-once-at-a-time.ts";
import { routeApi } from "./route-api.ts";
import { createWorkflow } from "./run-workflow.ts";
import { createWorldBackups } from "./world-backups.ts";
import { createScheduler, type Schedule } from "./scheduler.ts";
import { openPolicySeal } from "./policy-key.ts";
import { createTopicAlerts } from "./topic.ts";
import type { WorldClock } from "./world-clock.ts";
import { createWorldFunctions, type RegionItems } from "./world-functions.ts";
import type { WorldVendors } from "./world-vendors.ts";
import type { LocalChaos } from "../chaos/local-chaos.ts";
import { tellHealing } from "./tell-healing.ts";
import { createWatchfulHealth, type WatchfulHealth } from "./watchful-health.ts";
import type { WorldEnd, WorldOptions } from "./world.ts";

/** What the machinery is built on, beside the world's own options. */
export type MachineryOptions = Pick<
  WorldOptions,
  "settings" | "state" | "random" | "pause" | "host" | "timers" | "tell" | "sessionAfter" | "seams"
> & {
  readonly clock: WorldClock;
  readonly vendors: WorldVendors;
  readonly http: HttpClient;
  /** For vendors of market data, which are asked once a minute. */
  readonly vendorHttp: HttpClient;
  readonly queues: WorldQueues;
  /** Where there are two Regions; this one then keeps or watches the lease. */
  readonly regionItems?: RegionItems | undefined;
  readonly onFailure: (name: string, error: unknown) => void;
};

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
  const { clock, queues, settings, timers, onFailure } = options;
  // Reconciliation is also asked for by the functions that it is made of.
  let reconcile: (() => Promise<unknown>) | undefined;
  const settling = createSettling(options, async () => reconcile?.());
  // So is health, by the evidence that it rests on.
  let health: WatchfulHealth | undefined;
  let healNow: (() => Promise<unknown>) | undefined;
  const { functions, ledger, signedConfiguration, chaos } = buildFunctions(options, {
    onUnsettled: settling.soon,
    onFailed: () => health?.soon(),
    onDeadLetter: () =>
      void timers.after(GIVEN_UP_MS, () => {
        functions.redriveDeadLetters({}).catch((error: unknown) => {
          onFailure("redrive-dead-letters", error);
        });
      }),
    heal: async () => healNow?.(),
  });
  const reconcileOnce = runOnceAtATime(createToldReconcile(functions, options));
  reconcile = reconcileOnce;
  const heal = runOnceAtATime(createHeal(functions, options));
  healNow = heal;
  const derived = createWatchfulHealth({
    ...options,
    heal,
    prove: async () => {
      await functions.probePipeline({});
      await heal();
    },
    derive: () => functions.aggregateHealth({}),
  });
  health = derived;
  const keeper = createLeaseKeeper(functions, options);
  const scheduler = createScheduler({
    clock,
    timers,
    onFailure,
    schedules: [
      ...createSchedules(functions, options, {
        reconcile: reconcileOnce,
        health: derived.derive,
        heal,
      }),
      ...(options.regionItems === undefined ? [] : keeper.schedules),
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
      const { random, pause } = options;
      const writer = { ledger, random, pause };
      // Whoever starts a world signs what it is started with.
      await signedConfiguration.adopt();
      await prepareAccount({
        ...writer,
        functions,
        reconcile: reconcileOnce,
        settings,
        nowMs: clock.nowMs,
        onFailure,
      });
      isPrepared = true;
      for (const poller of pollers) poller.start();
      scheduler.start();
    },
    stop: async () => {
      days.stop();
      settling.stop();
      derived.stop();
      await scheduler.stop();
      await keeper.stop();
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
    end: async () => {
      const cell = await ledger.loadCell(settings.account);
      const tradingMode = cell.ok ? (cell.value?.tradingState.mode ?? null) : null;
      return { level: derived.level(), tradingMode, schedules: scheduler.counts() };
    },
  };
};

/** Somebody looks at it at once, and not at the next turn of the schedule, in host milliseconds. */
const GIVEN_UP_MS = 50;

const tellOfSending = (
  queue: MessageQueue | undefined,
  onSend: () => void,
): MessageQueue | undefined =>
  queue && {
    ...queue,
    send: async (messages) => {
      await queue.send(messages);
      onSend();
    },
  };

/** Whom the functions wake, without waiting for it. */
type Wakers = {
  readonly onUnsettled: () => void;
  readonly onFailed: () => void;
  /** A message was given up as hopeless. */
  readonly onDeadLetter: () => void;
  readonly heal: () => Promise<unknown>;
};

/** The functions on everything that this state directory keeps. */
const buildFunctions = (
  options: MachineryOptions,
  { onUnsettled, onFailed, onDeadLetter, heal }: Wakers,
): ReturnType<typeof createWorldFunctions> => {
  const { state, clock, queues, tell, onFailure } = options;
  return createWorldFunctions({
    ...options,
    seal: openPolicySeal(state.path),
    queues: {
      ...queues,
      deadLettersOf: (name) => tellOfSending(queues.deadLettersOf(name), onDeadLetter),
    },
    seams: options.seams,
    store: state.store,
    alerts: createTopicAlerts(queues.alerts),
    archive: createFileArchive(join(state.path, "archive")),
    locked: createLockedFiles(lockedPathOf(options)),
    // Of two Regions neither has the ledger for itself.
    backups:
      options.regionItems === undefined
        ? createWorldBackups(state.path, state.store, clock)
        : undefined,
    // Nobody waits for it: a run takes longer than an answer may.
    healRuns: {
      start: async () => {
        heal().catch((error: unknown) => onFailure("heal", error));
      },
    },
    own: options.seams?.own ?? ownOf(options),
    watch: { tell, onUnsettled, onFailed },
  });
};

/** Of two Regions each has a locked store of its own. */
const lockedPathOf = ({ state, regionItems, settings }: MachineryOptions): string =>
  join(state.path, regionItems === undefined ? "locked" : `locked-${settings.region}`);

/** What this process may take, and where its functions may leave files. */
const ownOf = ({ state, host }: MachineryOptions): OwnEnvironment =>
  createOwnEnvironment({
    clock: host,
    bounds: { memoryBytes: getHeapStatistics().heap_size_limit, diskBytes: DISK_BYTES },
    temporaryDirectory: join(state.path, "temporary"),
    retire: () => undefined,
  });

const DISK_BYTES = 512 * 1024 * 1024;

const MINUTE_MS = 60_000;
/** Fills of a minute's orders are taken, and health derived, after the cycle has done its work. */
const RECONCILE_PHASE_MS = 20_000;
const HEALTH_PHASE_MS = 30_000;
const DEAD_LETTERS_PHASE_MS = 45_000;
const AUDIT_PHASE_MS = 35_000;
const LEASE_PHASE_MS = 5_000;
/** The function's reserved concurrency. */
const KEEPERS_MAX = 3;
const PROBE_PHASE_MS = 40_000;
const PROBE_EVERY_MS = 15 * MINUTE_MS;
const BACK_UP_PHASE_MS = 55_000;
const BACK_UP_EVERY_MS = 10 * MINUTE_MS;
const HEAL_PHASE_MS = 50_000;
const HEAL_EVERY_MS = 5 * MINUTE_MS;
/** As the workflow's own wait says, in the world's time. */
const HEAL_WAIT_MS = 75_000;
const HEAL = new URL("../../lib/workflows/heal.asl.json", import.meta.url);
const TRADING_CYCLE = new URL("../../lib/workflows/trading-cycle.asl.json", import.meta.url);

const createSchedules = (
  functions: Functions,
  { clock, tell }: MachineryOptions,
  work: {
    readonly reconcile: () => Promise<unknown>;
    readonly health: () => Promise<void>;
    readonly heal: () => Promise<unknown>;
  },
): readonly Schedule[] => {
  const runCycle = createWorkflow(TRADING_CYCLE, {
    OpenCycle: functions.openCycle,
    PollMarketData: functions.pollMarketData,
    PollFlow: functions.pollFlow,
    CloseCycle: functions.closeCycle,
  });
  return [
    {
      name: "probe-pipeline",
      everyMs: PROBE_EVERY_MS,
      phaseMs: PROBE_PHASE_MS,
      run: async () => {
        await functions.probePipeline({});
      },
    },
    {
      name: "heal",
      everyMs: HEAL_EVERY_MS,
      phaseMs: HEAL_PHASE_MS,
      run: async () => {
        await work.heal();
      },
    },
    {
      name: "trading-cycle",
      everyMs: MINUTE_MS,
      phaseMs: 0,
      run: async (slotMs) => {
        const output = await runCycle({ slot: new Date(slotMs).toISOString() });
        tell({ type: "cycle", atMs: clock.nowMs(), ...describeCycle(output) });
      },
    },
    {
      name: "reconcile-orders",
      everyMs: MINUTE_MS,
      phaseMs: RECONCILE_PHASE_MS,
      run: async () => {
        await work.reconcile();
      },
    },
    {
      name: "aggregate-health",
      everyMs: MINUTE_MS,
      phaseMs: HEALTH_PHASE_MS,
      run: work.health,
    },
    {
      name: "back-up",
      everyMs: BACK_UP_EVERY_MS,
      phaseMs: BACK_UP_PHASE_MS,
      run: async () => {
        await functions.backUp({});
      },
    },
    {
      name: "keep-audit",
      everyMs: MINUTE_MS,
      phaseMs: AUDIT_PHASE_MS,
      run: async () => {
        await functions.keepAudit({});
      },
    },
    {
      name: "redrive-dead-letters",
      everyMs: MINUTE_MS,
      phaseMs: DEAD_LETTERS_PHASE_MS,
      run: async () => {
        await functions.redriveDeadLetters({});
      },
    },
  ];
};

/** The deployed workflow, which tells what it does. */
const createHeal = (functions: Functions, options: MachineryOptions): (() => Promise<unknown>) => {
  const { clock } = options;
  const heal = createWorkflow(
    HEAL,
    {
      RunDiagnostics: tellHealing(functions.runDiagnostics, options),
      ProbePipeline: functions.probePipeline,
      PollFlow: functions.pollFlow,
      ReconcileOrders: functions.reconcileOrders,
      RedriveDeadLetters: functions.redriveDeadLetters,
    },
    { LetItWork: clock.hostMsUntil(clock.nowMs() + HEAL_WAIT_MS) },
  );
  return () => heal({});
};

/**
 * The lease's keeper each minute, beside the run before where that is still at it, as in the cloud:
 * a run that waits for a reconciliation must not keep the next one from saying that it is alive.
 */
const createLeaseKeeper = (
  functions: Pick<Functions, "keepLease">,
  { onFailure }: Pick<MachineryOptions, "onFailure">,
) => {
  const running = new Set<Promise<void>>();
  const keep = async (): Promise<void> => {
    try {
      await functions.keepLease({});
    } catch (error) {
      onFailure("keep-lease", error);
    }
  };
  const schedule: Schedule = {
    name: "keep-lease",
    everyMs: MINUTE_MS,
    phaseMs: LEASE_PHASE_MS,
    run: async () => {
      if (running.size >= KEEPERS_MAX) return;
      const run = keep().finally(() => void running.delete(run));
      running.add(run);
    },
  };
  return {
    schedules: [schedule],
    stop: async (): Promise<void> => void (await Promise.all(running)),
  };
};

/** A workflow ends with what its last state put out: a closed cycle, or why there was none. */
const describeCycle = (
  output: unknown,
): { readonly outcome: string; readonly reason: string; readonly dataMode: string | null } => {
  const fields = typeof output === "object" && output !== null ? output : {};
  const outcome = "outcome" in fields ? String(fields.outcome) : "skipped";
  const dataMode = "dataMode" in fields ? fields.dataMode : undefined;
  return {
    outcome,
    reason: "reason" in fields ? String(fields.reason) : "",
    dataMode: typeof dataMode === "string" ? dataMode : null,
  };
};

/** How long after a submission the broker is asked what became of it, in the world's time. */
const SETTLE_MS = 4_000;

/** Asks for a reconciliation soon, once for all that asked meanwhile. */
const createSettling = (
  { clock, timers, onFailure }: MachineryOptions,
  reconcile: () => Promise<unknown>,
) => {
  let cancel: (() => void) | undefined;
  const run = (): void => {
    cancel = undefined;
    reconcile().catch((error: unknown) => onFailure("reconcile-orders", error));
  };
  return {
    soon: (): void => {
      cancel ??= timers.after(clock.hostMsUntil(clock.nowMs() + SETTLE_MS), run);
    },
    stop: (): void => cancel?.(),
  };
};

/** Reconciles, and tells when the result is another than the last. */
const createToldReconcile = (functions: Functions, { clock, tell }: MachineryOptions) => {
  let lastTold = "";
  return async (): Promise<ReconcileReport> => {
    const report = await functions.reconcileOrders({});
    const { isClean, differences } = report;
    const told = isClean ? "clean" : differences.join(" ");
    if (told !== lastTold) {
      tell({ type: "reconciled", atMs: clock.nowMs(), isClean, differences });
    }
    lastTold = told;
    return report;
  };
};

const answerApi = async (functions: Functions, event: ApiEvent): Promise<ApiAnswer> => {
  const { statusCode, headers, body } = await routeApi(functions, event)(event);
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { status: statusCode ?? 500, headers: Object.fromEntries(texts), body: body ?? "" };
};
