import {
  createChaosDoor,
  createChaosFlow,
  createChaosVendor,
} from "../../shared/adapters/chaos/chaos-vendors.ts";
import { createChaosBroker } from "../../shared/adapters/chaos/chaos-broker.ts";
import type { ChaosSwitch } from "../../shared/adapters/chaos/chaos-control.ts";
import {
  createChaosClock,
  createChaosLedger,
  createChaosTelemetry,
} from "../../shared/adapters/chaos/chaos-stores.ts";
import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { createMarketData } from "../../shared/adapters/gateway/market-data.ts";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createMemoryQueue } from "../../shared/adapters/memory/message-queue.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import { createStoredHealing } from "../../shared/adapters/stored/healing.ts";
import type { Item, ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { usd } from "../../shared/domain/market/money.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { SignedConfiguration } from "../../shared/ports/healing.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { visibilityMsOf } from "../../shared/runtime/function-limits.ts";
import { createExchange, type Exchange } from "../exchange/core/exchange.ts";
import { createFaultControl } from "../exchange/faults/fault-control.ts";
import { createSeededFlow } from "../exchange/flow/seeded-flow.ts";
import { createMarketDriver, type DriveMarket } from "../exchange/market-driver.ts";
import { createExchangeBroker } from "../exchange/ports-broker.ts";
import { createExchangeFlow } from "../exchange/ports-flow.ts";
import { createExchangeVendor } from "../exchange/ports-vendor-data.ts";
import type { MarketFeed } from "../exchange/prices/market-feed.ts";
import { createSeededFeed } from "../exchange/prices/seeded-feed.ts";
import { createNotify } from "../../shared/use-cases/notify.ts";
import { createFunctions, type FunctionPorts, type Functions } from "../functions.ts";
import { createOrderWitness, type OrderWitness } from "../replay/order-witness.ts";
import { createTrace } from "../replay/trace.ts";
import {
  createVirtualClock,
  createVirtualPause,
  type VirtualClock,
} from "../replay/virtual-clock.ts";

/** The whole system in virtual time, on adapters that can be broken. */
export type ChaosWorld = {
  readonly clock: VirtualClock;
  readonly chaos: ChaosSwitch;
  readonly exchange: Exchange;
  readonly drive: DriveMarket;
  readonly witness: OrderWitness;
  /** Not touched by chaos: what is true. */
  readonly ledger: Ledger;
  readonly functions: Functions;
  /** Hands every alert that waits to the function that pages. */
  readonly deliverAlerts: () => Promise<void>;
  readonly queues: ChaosQueues;
  readonly settings: Settings;
  /** Every alert that was published, oldest first. */
  readonly alerts: readonly Alert[];
  /** Overwrites the stored cell with text that nobody can read. */
  readonly corruptCell: () => Promise<void>;
  /** Puts messages that nobody can read into every queue. */
  readonly poisonQueues: () => Promise<void>;
  /** Has another configuration run than the signed one. */
  readonly driftConfiguration: () => void;
};

type ChaosQueues = Record<"marketData" | "orders" | "exits", ReturnType<typeof createMemoryQueue>>;

/** What a world is made from. */
export type ChaosWorldInput = {
  readonly settings: Settings;
  readonly seed: number;
  readonly startsAtMs: number;
  readonly chaos: ChaosSwitch;
};

/** Builds a world whose account is new, with the very functions that are deployed. */
export const createChaosWorld = (input: ChaosWorldInput): ChaosWorld => {
  const { settings, seed, startsAtMs, chaos } = input;
  const trueClock = createVirtualClock(startsAtMs);
  const clock = createChaosClock(trueClock, chaos);
  const witness = createOrderWitness(createTrace());
  const feed = createSeededFeed({ seed: `${seed}`, symbols: settings.symbols });
  const startingCash = usd(100_000);
  const book = { name: `chaos-${seed}`, startsAtMs, startingCash, journal: witness.journal };
  const exchange = createExchange(book);
  const cells = createSealedStore();
  const ledger = witness.watch(createStoredLedger(cells));
  const alerts: Alert[] = [];
  const queues = createQueues(trueClock);
  const configuration = createSigned();
  const ports: FunctionPorts = {
    ...portsOf({ ...input, trueClock, clock, exchange, feed, queues, alerts }),
    ledger: createChaosLedger(ledger, chaos),
    signedConfiguration: configuration.port,
  };
  const notify = createNotify(ports);
  let delivered = 0;
  return {
    clock: trueClock,
    chaos,
    deliverAlerts: async () => {
      for (const alert of alerts.slice(delivered)) {
        await notify(alert);
        delivered++;
      }
    },
    exchange,
    drive: createMarketDriver(exchange, feed),
    witness,
    ledger,
    functions: createFunctions(ports, settings, { log: silentLog, metrics: noMetrics, clock }),
    queues,
    settings,
    alerts,
    corruptCell: () => corrupt(cells, settings.account),
    poisonQueues: () => poison(queues),
    driftConfiguration: configuration.drift,
  };
};

type Parts = ChaosWorldInput & {
  readonly trueClock: VirtualClock;
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly feed: MarketFeed;
  readonly queues: ChaosQueues;
  readonly alerts: Alert[];
};

/** Every port but the ledger, each as chaos leaves it. */
const portsOf = (parts: Parts): Omit<FunctionPorts, "ledger"> => {
  const { settings, seed, chaos, trueClock, clock, feed, queues } = parts;
  const { region } = settings;
  const items = createMemoryItemStore();
  const breakers = createStoredBreakerRecords(items, { region });
  const broker = createChaosBroker(createExchangeBroker(parts.exchange, trueClock), chaos);
  const random = createSeededRandom(seed);
  const flow = createSeededFlow({ seed: `${seed}`, feed });
  const publish = async (alert: Alert): Promise<void> => void parts.alerts.push(alert);
  const telemetry = createChaosTelemetry(createStoredTelemetry(items, { region }), chaos);
  const common = { clock, random, settings, telemetry, breakers, alerts: { publish } };
  return {
    leases: createStoredLeases(createMemoryItemStore()),
    telemetry,
    archive: createMemoryArchive(),
    broker,
    marketData: createChaosDoor(
      // Every answer is there at once: nothing is ever waited for.
      createMarketData({ ...common, vendors: vendorsOf(parts), timers: { after: () => NOTHING } }),
      chaos,
    ),
    flow: createChaosFlow(createExchangeFlow(flow, trueClock), chaos),
    calendar: createExchangeCalendar({ broker }),
    alerts: { publish },
    pager: { page: async () => "accepted" },
    clock,
    random,
    pause: createVirtualPause(trueClock),
    queues,
    // A message that no other try would help is given up at once, as deployed.
    deadLettersOf: (name) => deadLettersOf(queues, name),
    doors: {
      exits: { dead: queues.exits.deadLetters, live: queues.exits },
      orders: { dead: queues.orders.deadLetters, live: queues.orders },
      "market-data": { dead: queues.marketData.deadLetters, live: queues.marketData },
    },
    healing: createStoredHealing(items, { region }),
    breakers,
  };
};

const NOTHING = (): void => undefined;

/** Three independent vendors, of which chaos strikes one. */
const vendorsOf = ({ seed, feed, trueClock, chaos }: Parts) => {
  const random = createSeededRandom(seed);
  const faults = createFaultControl(() => random.next());
  const pause = createVirtualPause(trueClock);
  const vendorOf = (vendor: "alpaca" | "polygon" | "tiingo") =>
    createChaosVendor(createExchangeVendor({ feed, vendor, faults, clock: trueClock }), chaos, {
      clock: trueClock,
      pause,
    });
  return { alpaca: vendorOf("alpaca"), polygon: vendorOf("polygon"), tiingo: vendorOf("tiingo") };
};

const poison = async ({ marketData, orders, exits }: ChaosQueues): Promise<void> => {
  const body = "{ nobody reads this";
  await marketData.send([{ body }]);
  await orders.send([{ body, group: "poison", deduplicationId: "poison" }]);
  await exits.send([{ body, group: "poison", deduplicationId: "poison" }]);
};

/** As deployed: documents are under checksums, and can be damaged. */
const createSealedStore = (): ItemStore & { readonly last: () => Item | undefined } => {
  const memory = createMemoryItemStore();
  let last: Item | undefined;
  return {
    ...memory,
    isTrusted: false,
    put: async (item, condition) => {
      const stored = await memory.put(item, condition);
      if (stored.ok && item.partition.startsWith("cell#")) last = item;
      return stored;
    },
    last: () => last,
  };
};

const corrupt = async (
  cells: ReturnType<typeof createSealedStore>,
  account: string,
): Promise<void> => {
  const item = cells.last();
  if (item === undefined) throw new Error(`The account ${account} has no cell yet.`);
  await cells.putMany([{ ...item, document: "nobody reads this" }]);
};

const createQueues = (clock: VirtualClock): ChaosQueues => ({
  marketData: createMemoryQueue(
    {
      kind: "standard",
      visibilityTimeoutMs: visibilityMsOf("score-signals"),
      maxReceiveCount: 3,
    },
    clock,
  ),
  orders: createMemoryQueue(intents(), clock),
  exits: createMemoryQueue(intents(), clock),
});

const deadLettersOf = ({ marketData, orders, exits }: ChaosQueues, name: string) => {
  if (name.startsWith("market-data")) return marketData.deadLetters;
  return name.startsWith("exits") ? exits.deadLetters : orders.deadLetters;
};

const intents = () =>
  ({
    kind: "fifo",
    visibilityTimeoutMs: visibilityMsOf("execute-orders"),
    maxReceiveCount: 5,
  }) as const;

const createSigned = (): {
  readonly port: SignedConfiguration;
  readonly drift: () => void;
} => {
  let isDrifted = false;
  return {
    port: {
      drift: async () => (isDrifted ? "scoring.thresholds differ from what was signed." : null),
      restore: async () => {
        isDrifted = false;
      },
    },
    drift: () => {
      isDrifted = true;
    },
  };
};
