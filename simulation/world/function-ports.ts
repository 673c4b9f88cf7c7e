import { createBudgetedBroker } from "../../shared/adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../shared/adapters/budget/stored-budget.ts";
import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import { createStoredHealing } from "../../shared/adapters/stored/healing.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTickStore } from "../../shared/adapters/stored/tick-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { ALPACA_BUDGET } from "../../shared/domain/budget/token-bucket.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { err, type Result } from "../../shared/domain/result.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Broker, SubmitOutcome } from "../../shared/ports/broker.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { Random } from "../../shared/ports/random.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { TendedDoor } from "../../shared/use-cases/tend-dead-letters.ts";
import type { FunctionPorts } from "../../local/functions.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl, FaultPlace } from "../faults/fault-control.ts";
import type { CallPort, CallTime } from "../faults/port-calls.ts";
import type { Actor, FunctionName, QueueName } from "../observation.ts";
import type { Invocation } from "../services/lambda.ts";
import { createSimulatedBroker, faultOf, type BrokerSide } from "./simulated-broker.ts";
import type { Observe } from "./observe.ts";
import type { VendorSide } from "./simulated-vendors.ts";
import { createConfigurationPort, watchTelemetry } from "./tending-ports.ts";
import { createGatewayPort } from "./vendor-ports.ts";

/** What one environment of a function reaches, before calls take time and are struck by faults. */
export type Reachable = {
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly observe: Observe;
  readonly region: string;
  readonly functionName: FunctionName;
  readonly settings: Settings;
  /** Whose code runs now. */
  readonly actorOf: () => Actor;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ledgerStore: ItemStore;
  readonly telemetryStore: ItemStore;
  readonly archive: Archive;
  readonly brokerSide: BrokerSide;
  readonly vendorSide: VendorSide;
  readonly queues: FunctionPorts["queues"];
  readonly deadLettersOf: (queueName: string) => MessageSender;
  readonly deadOf: (queue: QueueName) => TendedDoor["dead"];
  readonly alerts: FunctionPorts["alerts"];
  readonly pager: FunctionPorts["pager"];
  /** The ledger does not answer this Region. */
  readonly isCutOff: () => boolean;
  readonly placeOf: (call: string) => FaultPlace;
};

const STORE_TIME: CallTime = { leastMs: 1, spreadMs: 3 };
const QUEUE_TIME: CallTime = { leastMs: 3, spreadMs: 5 };
const VENDOR_TIME: CallTime = { leastMs: 15, spreadMs: 60 };
const NO_TIME: CallTime = { leastMs: 0, spreadMs: 0 };

/** Builds the ports of one environment: production adapters as far in as the world allows. */
export const createFunctionPorts = (reach: Reachable, call: CallPort): FunctionPorts => {
  const ledgerItems = createLedgerPort(reach, call);
  const telemetryItems = interpose(watchTelemetry(reach.telemetryStore, reach), reach, call, {
    name: "telemetry",
    time: STORE_TIME,
    lost: unanswered("The telemetry table"),
  });
  const telemetry = createStoredTelemetry(telemetryItems, { region: reach.region });
  const alerts = interpose(reach.alerts, reach, call, {
    name: "alerts",
    time: QUEUE_TIME,
    lost: unanswered("The alerts topic"),
  });
  const { clock, random, settings } = reach;
  const broker = withinBudget(createBrokerPort(reach, call), reach, telemetryItems);
  const queues = {
    marketData: senderPort(reach.queues.marketData, "market-data", reach, call),
    orders: senderPort(reach.queues.orders, "orders", reach, call),
    exits: senderPort(reach.queues.exits, "exits", reach, call),
  };
  const doorOf = (queue: QueueName, live: MessageSender): TendedDoor => ({
    live,
    dead: interpose(reach.deadOf(queue), reach, call, {
      name: `${queue} dead letters`,
      time: QUEUE_TIME,
      lost: unanswered("The queue"),
    }),
  });
  const ledger = createStoredLedger(ledgerItems);
  const pause = {
    wait: (ms: number) =>
      call({
        place: reach.placeOf("pause"),
        time: NO_TIME,
        effect: () => wait(reach.engine, ms),
        lost: () => undefined,
      }),
  };
  const writer = { ledger, telemetry, alerts, clock, random, pause };
  return {
    ledger,
    leases: createStoredLeases(ledgerItems),
    healing: createStoredHealing(telemetryItems, { region: reach.region }),
    breakers: createStoredBreakerRecords(telemetryItems, { region: reach.region }),
    resetConnections: () => undefined,
    signedConfiguration: createConfigurationPort(writer, ledgerItems, reach),
    telemetry,
    archive: interpose(watchArchive(reach), reach, call, {
      name: "archive",
      time: QUEUE_TIME,
      lost: unanswered("The archive"),
    }),
    broker,
    marketData: createGatewayPort({
      reach,
      call,
      telemetryItems,
      telemetry,
      alerts,
      clock,
      random,
      settings,
    }),
    flow: createFlowPort(reach, call),
    calendar: createExchangeCalendar({ broker }),
    alerts,
    pager: interpose(reach.pager, reach, call, {
      name: "pager",
      time: VENDOR_TIME,
      lost: () => "retryLater",
    }),
    clock,
    random,
    pause,
    queues,
    doors: {
      exits: doorOf("exits.fifo", queues.exits),
      orders: doorOf("orders.fifo", queues.orders),
      "market-data": doorOf("market-data", queues.marketData),
    },
    ticks: createStoredTickStore(telemetryItems, { region: reach.region }),
    deadLettersOf: (name) =>
      senderPort(reach.deadLettersOf(name), `${name} dead letters`, reach, call),
  };
};

/** All functions of a Region keep to one budget; what clears an exit's way may use its reserve. */
const withinBudget = (broker: Broker, reach: Reachable, store: ItemStore): Broker => {
  const { clock, region, settings, functionName } = reach;
  const { account } = settings;
  const budget = createStoredBudget({ store, clock, account, region, policy: ALPACA_BUDGET });
  const lookUps = functionName === "execute-orders" ? "exit" : "read";
  return createBudgetedBroker(broker, budget, clock, lookUps);
};

const watchArchive = ({ archive, observe, actorOf }: Reachable): Archive => ({
  ...archive,
  write: async (key, body) => {
    await archive.write(key, body);
    observe({ type: "archived", actor: actorOf(), key });
  },
  remove: async (key) => {
    await archive.remove(key);
    observe({ type: "unarchived", actor: actorOf(), key });
  },
});

const wait = (engine: Engine, ms: number): Promise<void> =>
  new Promise((resolve) => {
    engine.after(Math.ceil(ms), () => {
      engine.wake();
      resolve();
    });
  });

const senderPort = (
  sender: MessageSender,
  name: string,
  reach: Reachable,
  call: CallPort,
): MessageSender =>
  interpose({ send: sender.send }, reach, call, {
    name,
    time: QUEUE_TIME,
    lost: unanswered("The queue"),
  });

/** What a caller of a service sees whose call failed for good: the adapters of the cloud throw it. */
const unanswered =
  (service: string) =>
  (detail: string): never => {
    throw new RetryableError(`${service} failed. ${detail}`);
  };

type Interposed = {
  readonly name: string;
  readonly time: CallTime;
  readonly lost: (detail: string) => unknown;
};

/** Puts every method of a port behind the faults of port calls. */
const interpose = <Port extends object>(
  port: Port,
  reach: Reachable,
  call: CallPort,
  { name, time, lost }: Interposed,
): Port => {
  const methods = Object.entries(port).map(([method, act]: [string, unknown]) => {
    if (typeof act !== "function") return [method, act] as const;
    const place = reach.placeOf(`${name}.${method}`);
    const interposed = (...given: readonly unknown[]): Promise<unknown> =>
      call({
        place,
        time,
        effect: () => act(...given) as Promise<unknown>,
        lost,
      });
    return [method, interposed] as const;
  });
  // Every method has the type of the one that it stands before.
  return Object.fromEntries(methods) as Port;
};

/** The strong table: it may be cut off, refuse a conflict between Regions, or throttle. */
const createLedgerPort = (reach: Reachable, call: CallPort): ItemStore => {
  const { ledgerStore, faults, isCutOff } = reach;
  const lost = unanswered("DynamoDB");
  const guarded = <Answer>(method: string, act: () => Promise<Answer>): Promise<Answer> => {
    const place = reach.placeOf(`ledger.${method}`);
    return call({
      place,
      time: STORE_TIME,
      effect: async (occasion) => {
        if (isCutOff()) return lost("500: the Region is cut off.");
        if (faults.strikes("throttle", occasion, place.name)) return lost("Throttled.");
        const isWrite = method === "put";
        if (isWrite && faults.strikes("write-conflict", occasion, place.name)) {
          return lost("ReplicatedWriteConflictException.");
        }
        const answer = await act();
        // The client tries again by itself when the first answer was lost, and meets its own write.
        return isWrite && faults.strikes("write-repeated", occasion, place.name) ? act() : answer;
      },
      lost,
    });
  };
  return {
    isTrusted: ledgerStore.isTrusted,
    get: (key) => guarded("get", () => ledgerStore.get(key)),
    getRaw: (key) => guarded("getRaw", () => ledgerStore.getRaw(key)),
    put: (item, condition) => guarded("put", () => ledgerStore.put(item, condition)),
    query: (query) => guarded("query", () => ledgerStore.query(query)),
    add: (key, increments, expiresAtMs) =>
      guarded("add", () => ledgerStore.add(key, increments, expiresAtMs)),
    putMany: (items) => guarded("putMany", () => ledgerStore.putMany(items)),
    getMany: (keys) => guarded("getMany", () => ledgerStore.getMany(keys)),
  };
};

const createBrokerPort = (reach: Reachable, call: CallPort): Broker => {
  const { observe, engine } = reach;
  const simulated = createSimulatedBroker({ ...reach, side: reach.brokerSide });
  type Ask<Value> = (direct: Broker) => Promise<Result<Value, VendorFault>>;
  const question = <Value>(name: string, key: string, ask: Ask<Value>) => {
    const place = reach.placeOf(`broker.${name}`);
    const calledAtMs = engine.nowMs();
    return call<Result<Value, VendorFault>>({
      place,
      time: NO_TIME,
      effect: (occasion, invocation) =>
        simulated.read(
          { occasion, where: place.name, invocation, calledAtMs },
          `${name} ${key}`,
          ask,
        ),
      lost: lostAtVendor,
    });
  };
  const submitPlace = reach.placeOf("broker.submitOrder");
  const cancelPlace = reach.placeOf("broker.cancelOrder");
  return {
    submitOrder: async (approved, deadlineMs) => {
      let by: Invocation | undefined;
      const calledAtMs = engine.nowMs();
      const outcome = await call<SubmitOutcome>({
        place: submitPlace,
        time: NO_TIME,
        effect: (occasion, invocation) => {
          by = invocation;
          const sent = { occasion, where: submitPlace.name, invocation, calledAtMs };
          return simulated.submit(sent, approved, deadlineMs);
        },
        lost: (detail) => ({ type: "unknown", detail }),
      });
      const { clientOrderId } = approved.order;
      if (by !== undefined) {
        observe({ type: "brokerAnswered", actor: by.actor, clientOrderId, outcome: outcome.type });
      }
      return outcome;
    },
    findOrder: (id) => question("findOrder", id, (direct) => direct.findOrder(id)),
    listOpenOrders: () => question("listOpenOrders", "", (direct) => direct.listOpenOrders()),
    listPositions: () => question("listPositions", "", (direct) => direct.listPositions()),
    readAccount: () => question("readAccount", "", (direct) => direct.readAccount()),
    readClock: () => question("readClock", "", (direct) => direct.readClock()),
    listExecutions: (sinceMs) =>
      question("listExecutions", "", (direct) => direct.listExecutions(sinceMs)),
    listOrders: (sinceMs) => question("listOrders", "", (direct) => direct.listOrders(sinceMs)),
    cancelOrder: (brokerOrderId) =>
      call<Result<void, VendorFault>>({
        place: cancelPlace,
        time: NO_TIME,
        effect: (occasion, invocation) =>
          simulated.cancel(
            { occasion, where: cancelPlace.name, invocation, calledAtMs: engine.nowMs() },
            brokerOrderId,
          ),
        lost: lostAtVendor,
      }),
    suspendTrading: () => question("suspendTrading", "", (direct) => direct.suspendTrading()),
  };
};

const lostAtVendor = (detail: string): Result<never, VendorFault> =>
  err(faultOf("NETWORK", detail));

const createFlowPort = ({ vendorSide, placeOf }: Reachable, call: CallPort): Flow => {
  const place = placeOf("flow.fetchEvidence");
  return {
    fetchEvidence: (symbols) =>
      call({
        place,
        time: VENDOR_TIME,
        effect: async (occasion) => vendorSide.fetchEvidence(symbols, occasion, place.name),
        lost: lostAtVendor,
      }),
  };
};
