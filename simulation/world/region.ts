import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import type { SystemHealth } from "../../shared/domain/health/system-health.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { FunctionName, QueueName, RegionView } from "../observation.ts";
import { createAlertTopic } from "../services/alert-topic.ts";
import { createEventSource, type EventSource } from "../services/event-source.ts";
import { createLambda, type LambdaFunction } from "../services/lambda.ts";
import { createSimulatedQueue, type SimulatedQueue } from "../services/queue.ts";
import { startSchedule } from "../services/schedule.ts";
import { DEPLOYED, FUNCTION_NAMES, QUEUES } from "./deployment.ts";
import { createEnvironments, type EnvironmentDeps } from "./environment.ts";
import { nextStepMs } from "./hours.ts";
import type { Observe } from "./observe.ts";
import { runCycle } from "./run-cycle.ts";
import type { SharedWorld } from "./shared-world.ts";

/** A Region with its functions, queues, topic and schedules. */
export type Region = {
  readonly name: string;
  readonly settings: Settings;
  readonly invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  /** Starts every minute's work, from the first moment to the last; no cycle after its own last. */
  readonly startSchedules: (span: {
    readonly startsAtMs: number;
    readonly endsAtMs: number;
    readonly cyclesUntilMs: number;
  }) => void;
  /** Ends every environment, as a deployment does. */
  readonly recycle: () => void;
  /** Cuts the Region off from the ledger, or heals it. */
  readonly setIsolated: (isIsolated: boolean) => void;
  readonly view: RegionView;
};

const MS_PER_MINUTE = 60_000;

/** Builds a Region; nothing moves until its schedules are started. */
export const createRegion = (given: SharedWorld, settings: Settings): Region => {
  const { region: name } = settings;
  let isIsolated = false;
  let health: SystemHealth | undefined;
  const lambdas = new Map<FunctionName, LambdaFunction>();
  const lambdaOf = (functionName: FunctionName): LambdaFunction => {
    const known = lambdas.get(functionName);
    if (known === undefined) throw new Error(`${functionName} is not deployed.`);
    return known;
  };
  const invoke = (functionName: FunctionName, event: unknown): Promise<unknown> =>
    lambdaOf(functionName).invoke(event);
  const topic = createAlertTopic({
    ...given,
    region: name,
    notify: (event) => invoke("notify", event),
  });
  const observe: Observe = (happened) => {
    given.observe(happened);
    if (happened.type === "messageDeadLettered") topic.raiseDeadLetters(happened.queue);
  };
  const shared = { ...given, observe };
  const queues = createQueues(shared, name);
  const sources = connectQueues(shared, queues, invoke);
  const senderOf = (queue: QueueName): MessageSender => ({
    send: async (messages) => {
      queues[queue].send(messages, shared.engine.nowMs());
      sources[queue].wake();
    },
  });
  const deps: Omit<EnvironmentDeps, "kill"> = {
    shared,
    settings,
    archive: createMemoryArchive(),
    queues: {
      marketData: senderOf("market-data"),
      orders: senderOf("orders.fifo"),
      exits: senderOf("exits.fifo"),
    },
    deadLettersOf: (queueName) => ({
      send: async (messages) => {
        // Only names of our own queues come back from the records that we made.
        for (const { body } of messages) queues[queueName as QueueName].bury(body);
      },
    }),
    alerts: topic.alerts,
    pager: {
      page: async (alert) => {
        observe({ type: "paged", region: name, alert });
        return "accepted";
      },
    },
    isCutOff: () => isIsolated,
  };
  for (const functionName of FUNCTION_NAMES) {
    const options = { ...DEPLOYED[functionName], name: functionName };
    const kill: EnvironmentDeps["kill"] = (invocation, where) =>
      lambdaOf(functionName).kill(invocation, where);
    const create = createEnvironments({ ...deps, kill }, functionName);
    lambdas.set(functionName, createLambda(options, { ...shared, region: name }, create));
  }
  const deriveHealth = async (): Promise<void> => {
    // What the function answers is what it derived.
    health = (await invoke("aggregate-health", {})) as SystemHealth;
  };
  return {
    name,
    settings,
    invoke,
    startSchedules: ({ startsAtMs: firstMs, endsAtMs, cyclesUntilMs }) => {
      const work = {
        "trading-cycle": (slotMs: number) => runCycle(shared.engine, invoke, slotMs),
        "reconcile-orders": () => invoke("reconcile-orders", {}),
        "aggregate-health": deriveHealth,
      };
      const phases = shared.streams.stream(`${name} phases`);
      for (const [schedule, start] of Object.entries(work)) {
        const phaseMs = phases.drawInteger(schedule, 0, 50_000);
        startSchedule({
          ...shared,
          name: `${name} ${schedule}`,
          phaseMs: schedule === "trading-cycle" ? Math.floor(phaseMs / 10) : phaseMs,
          firstMs,
          nextSlotMs: (slotMs) => nextStepMs(slotMs, MS_PER_MINUTE),
          lastMs: schedule === "trading-cycle" ? cyclesUntilMs : endsAtMs,
          start: (slotMs) => {
            observe({ type: "slotStarted", region: name, schedule });
            return start(slotMs);
          },
        });
      }
    },
    recycle: () => {
      for (const lambda of lambdas.values()) lambda.recycle();
    },
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
        return depthsOf(queues);
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

type Queues = Readonly<Record<QueueName, SimulatedQueue>>;

const createQueues = (shared: SharedWorld, region: string): Queues => {
  const create = (name: QueueName): SimulatedQueue =>
    createSimulatedQueue({ ...shared, region, name, options: QUEUES[name].options });
  return {
    "market-data": create("market-data"),
    "orders.fifo": create("orders.fifo"),
    "exits.fifo": create("exits.fifo"),
  };
};

const connectQueues = (
  { engine }: SharedWorld,
  queues: Queues,
  invoke: Region["invoke"],
): Readonly<Record<QueueName, EventSource>> => {
  const connect = (queueName: QueueName, consumer: FunctionName): EventSource =>
    createEventSource({
      ...QUEUES[queueName],
      engine,
      queue: queues[queueName],
      queueName,
      invoke: (event) => invoke(consumer, event),
    });
  return {
    "market-data": connect("market-data", "score-signals"),
    "orders.fifo": connect("orders.fifo", "execute-orders"),
    "exits.fifo": connect("exits.fifo", "execute-orders"),
  };
};

const depthsOf = (queues: Queues): RegionView["queues"] => ({
  "market-data": queues["market-data"].depth(),
  "orders.fifo": queues["orders.fifo"].depth(),
  "exits.fifo": queues["exits.fifo"].depth(),
});
