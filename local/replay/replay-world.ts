import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createMemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createMemoryQueue } from "../../shared/adapters/memory/message-queue.ts";
import { createMemoryTelemetry } from "../../shared/adapters/memory/telemetry.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { usd } from "../../shared/domain/market/money.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { MessageQueue, MessageSender } from "../../shared/ports/message-queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { visibilityMsOf } from "../../shared/runtime/function-limits.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { createExchange, type Exchange } from "../exchange/core/exchange.ts";
import type { FlowOfSession } from "../exchange/flow/session-flow.ts";
import { createExchangeBroker } from "../exchange/ports-broker.ts";
import { createExchangeFlow } from "../exchange/ports-flow.ts";
import { createExchangeMarketData } from "../exchange/ports-market-data.ts";
import type { FunctionPorts } from "../function-ports.ts";
import { createFunctions, type Functions } from "../functions.ts";
import type { RecordedDays } from "../recorded-days/recorded-day.ts";
import { createOrderWitness, type OrderWitness } from "./order-witness.ts";
import { followRecording } from "./recorded-flow.ts";
import { createRecordedTape, type RecordedTape } from "./recorded-tape.ts";
import type { Trace } from "./trace.ts";
import { createVirtualClock, createVirtualPause, type VirtualClock } from "./virtual-clock.ts";
import { watchScores } from "./watch-scores.ts";

/** The queues between the functions. */
type ReplayQueues = {
  readonly marketData: MessageQueue;
  readonly orders: MessageQueue;
  readonly exits: MessageQueue;
};

/** The functions and everything around them: time, stores, queues and the exchange. */
export type ReplayWorld = {
  readonly clock: VirtualClock;
  readonly exchange: Exchange;
  readonly tape: RecordedTape;
  readonly witness: OrderWitness;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly queues: ReplayQueues;
  readonly functions: Functions;
  /** What the functions are built on; other Regions of the same world are built on it too. */
  readonly ports: FunctionPorts;
  readonly settings: Settings;
  /** The same store as another Region writes it. */
  readonly telemetryOf: (region: string) => Telemetry;
  /** Messages that no other try would have helped. */
  readonly deadMessages: () => number;
};

/** What a world is made from. */
export type ReplayWorldInput = {
  readonly recorded: RecordedDays;
  readonly settings: Settings;
  readonly seed: number;
  /** The recording's flow; drawn day by day from the seed where it is not given. */
  readonly flow: FlowOfSession | undefined;
  readonly startsAtMs: number;
  readonly trace: Trace;
  /** Stands between the functions and the exchange; tests put faults there. */
  readonly wrapBroker?: (broker: Broker, exchange: Exchange) => Broker;
};

const STARTING_CASH = usd(100_000);
/** As deployed: six times the time-out of the function that reads the queue. */
const MARKET_DATA_QUEUE = {
  kind: "standard",
  visibilityTimeoutMs: visibilityMsOf("score-signals"),
  maxReceiveCount: 3,
} as const;
const INTENT_QUEUE = {
  kind: "fifo",
  visibilityTimeoutMs: visibilityMsOf("execute-orders"),
  maxReceiveCount: 5,
} as const;

/** Builds a world whose account is new, before its first minute. */
export const createReplayWorld = (input: ReplayWorldInput): ReplayWorld => {
  const { recorded, settings, trace } = input;
  const clock = createVirtualClock(input.startsAtMs);
  const witness = createOrderWitness(trace);
  const tape = createRecordedTape(recorded.symbols);
  const exchange = createExchange({
    name: `replay-${input.seed}`,
    startsAtMs: input.startsAtMs,
    startingCash: STARTING_CASH,
    journal: witness.journal,
  });
  const ledgerStore = createMemoryItemStore();
  const ledger = witness.watch(createStoredLedger(ledgerStore));
  const memory = createMemoryTelemetry();
  const telemetryOf = (region: string): Telemetry => watchScores(memory.ofRegion(region), trace);
  const telemetry = telemetryOf(settings.region);
  const queues = createReplayQueues(clock);
  const dead = createDeadLetters();
  const direct = createExchangeBroker(exchange, clock);
  const broker = input.wrapBroker?.(direct, exchange) ?? direct;
  const ports: FunctionPorts = {
    ledger,
    leases: createStoredLeases(ledgerStore),
    telemetry,
    archive: createMemoryArchive(),
    broker,
    marketData: createExchangeMarketData({ snapshotOf: tape.snapshotOf, clock }),
    flow: createExchangeFlow(input.flow ?? followRecording(recorded, input.seed), clock),
    calendar: createExchangeCalendar({ broker }),
    alerts: createMemoryAlerts(),
    // Nobody is paged from the past.
    pager: { page: async () => "accepted" },
    clock,
    pause: createVirtualPause(clock),
    random: createSeededRandom(input.seed),
    queues,
    deadLettersOf: () => dead,
  };
  return {
    clock,
    exchange,
    tape,
    witness,
    ledger,
    telemetry,
    queues,
    functions: createFunctions(ports, settings, { log: silentLog, metrics: noMetrics, clock }),
    ports,
    settings,
    telemetryOf,
    deadMessages: dead.count,
  };
};

/** The queues of one Region, empty. */
export const createReplayQueues = (clock: Clock): ReplayQueues => ({
  marketData: createMemoryQueue(MARKET_DATA_QUEUE, clock),
  orders: createMemoryQueue(INTENT_QUEUE, clock),
  exits: createMemoryQueue(INTENT_QUEUE, clock),
});

const createDeadLetters = (): MessageSender & { readonly count: () => number } => {
  let count = 0;
  return {
    send: async (messages) => {
      count += messages.length;
    },
    count: () => count,
  };
};
