import type { SystemHealth } from "../../../shared/domain/health/system-health.ts";
import { createExchangeCalendar } from "../../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { silentLog } from "../../../shared/runtime/log.ts";
import { noMetrics } from "../../../shared/runtime/metrics.ts";
import { createNotify } from "../../../shared/use-cases/notify.ts";
import type { FunctionPorts } from "../../function-ports.ts";
import { createFunctions, type Functions } from "../../functions.ts";
import type { MinuteCounts } from "../replay-minute.ts";
import { createWorkMinute } from "../replay-minute.ts";
import type { ReplayWorld } from "../replay-world.ts";
import { createFaultBroker, type FaultDeps } from "./fault-broker.ts";
import { createFaultLedger } from "./fault-ledger.ts";
import { createFaultFlow, createFaultMarketData } from "./fault-market-data.ts";
import { FunctionKilled, guardFunctions } from "./guard-functions.ts";
import { createInvocations, mortalFunctions, mortalPorts } from "./kill-functions.ts";
import { createSlowQueue } from "./slow-queue.ts";

/** One Region of a world under faults: its functions on faulty ports, its queues, its alerts. */
export type ChaosRegion = {
  readonly name: string;
  readonly settings: Settings;
  /** What its use cases are built on, without the chance of being killed. */
  readonly ports: FunctionPorts;
  /** Does a minute's work, and delivers the alerts that it raised. */
  readonly work: (slotMs: number) => Promise<void>;
  /** What health was last derived here. */
  readonly health: () => SystemHealth | undefined;
};

/** What a Region is made from, beside its world. */
export type ChaosRegionInput = {
  readonly world: ReplayWorld;
  readonly counts: MinuteCounts;
  /** Everything but the ports that stand between the Region and the outside. */
  readonly ports: FunctionPorts;
  readonly queues: ReplayWorld["queues"];
  readonly settings: Settings;
  readonly faults: FaultDeps;
  /** Whether the Region is gone at this moment. */
  readonly isLost: () => boolean;
  /** Called at each moment of the Region's minute: leases are kept beside its work. */
  readonly atMoment: () => Promise<void>;
};

/** Builds a Region with the very functions that are deployed. */
export const createChaosRegion = (input: ChaosRegionInput): ChaosRegion => {
  const { world, counts, settings, faults } = input;
  const { clock } = world;
  const queues = {
    marketData: createSlowQueue(input.queues.marketData, faults),
    orders: createSlowQueue(input.queues.orders, faults),
    exits: createSlowQueue(input.queues.exits, faults),
  };
  const alerts = createAlertBox();
  // Not by its function, whose invocations would draw ids that a plain replay does not.
  const notify = createNotify(input.ports);
  const broker = createFaultBroker(input.ports.broker, faults);
  const ports: FunctionPorts = {
    ...input.ports,
    ledger: createFaultLedger(input.ports.ledger, faults),
    broker,
    calendar: createExchangeCalendar({ broker }),
    marketData: createFaultMarketData(input.ports.marketData, faults),
    flow: createFaultFlow(input.ports.flow, faults),
    alerts: { publish: async (alert) => alerts.put(alert) },
    queues,
  };
  const runtime = { log: silentLog, metrics: noMetrics, clock };
  const invocations = createInvocations();
  const built = faults.faults.isPlanned("function-kill")
    ? mortalFunctions(
        createFunctions(mortalPorts(ports, invocations), settings, runtime),
        invocations,
        faults,
      )
    : createFunctions(ports, settings, runtime);
  const functions = guardFunctions(built, async (invoke) => {
    if (input.isLost()) throw new FunctionKilled("The Region is gone.");
    return invoke();
  });
  let health: SystemHealth | undefined;
  const { atMoment } = input;
  const momentary: Pick<Functions, "openCycle" | "reconcileOrders" | "aggregateHealth"> = {
    openCycle: async (event) => {
      await atMoment();
      return functions.openCycle(event);
    },
    reconcileOrders: async (event) => {
      await atMoment();
      return functions.reconcileOrders(event);
    },
    aggregateHealth: async (event) => {
      await atMoment();
      health = await functions.aggregateHealth(event);
      return health;
    },
  };
  const work = createWorkMinute(
    { clock, queues, functions: { ...functions, ...momentary } },
    counts,
  );
  return {
    name: settings.region,
    settings,
    ports,
    work: async (slotMs) => {
      await work(slotMs);
      if (input.isLost()) return;
      for (const alert of alerts.take()) await notify(alert);
    },
    health: () => health,
  };
};

/** Ports of another Region of the same world: its own telemetry and chance, the rest is shared. */
export const portsOfStandby = (
  world: ReplayWorld,
  region: string,
  seed: number,
): FunctionPorts => ({
  ...world.ports,
  telemetry: world.telemetryOf(region),
  random: createSeededRandom(seed),
});

/** The alerts of a minute, until they are delivered. */
const createAlertBox = () => {
  let waiting: readonly Alert[] = [];
  return {
    put: (alert: Alert): void => {
      waiting = [...waiting, alert];
    },
    take: (): readonly Alert[] => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
};
