import { createRulesCalendar } from "../../shared/adapters/exchange-calendar/rules-calendar.ts";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createMemoryAlerts, type MemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryArchive } from "../../shared/adapters/memory/archive.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createMemoryQueue } from "../../shared/adapters/memory/message-queue.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { sessionOf } from "../../shared/domain/market/calendar.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { parsePrice, type Price } from "../../shared/domain/market/price.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import type { Snapshot } from "../../shared/domain/market/quote.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import { err, ok } from "../../shared/domain/result.ts";
import { openCell, type ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { FlowEvidence } from "../../shared/domain/signals/flow.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Failovers } from "../../shared/ports/failovers.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { MessageQueue, ReceivedMessage } from "../../shared/ports/message-queue.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { SnapshotAnswer, SnapshotFault } from "../../shared/ports/market-data.ts";
import type { VendorFault, VendorFaultClass } from "../../shared/ports/vendor-fault.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import { createFunctions, type Functions } from "../../local/functions.ts";
import { Configuration } from "../../shared/runtime/configuration-schema.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import type { LogRecord } from "../../shared/runtime/log.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { takenOrder } from "../fixtures/broker-view.ts";

/** The session that tests play in. */
export const SESSION = sessionOf(parseSessionDate("2013-10-07")!)!;
/** Ten in the morning in New York. */
export const TEN_MS = SESSION.opensAtMs + 30 * 60_000;
export const REGION = "us-east-2";

export const ticker = (text: string): Ticker => parseTicker(text)!;
export const price = (text: string): Price => parsePrice(text)!;
export const SPY = ticker("SPY");
export const IBM = ticker("IBM");

/** Settings as a user's file would give them. */
export const settingsWith = (change: Partial<Settings> = {}): Settings => ({
  ...toSettings(
    Configuration.parse({
      version: 1,
      symbols: ["SPY", "IBM"],
      marketData: { vendorsToAgree: 1 },
    }),
    {
      mode: "sim",
      region: REGION,
    },
  ),
  ...change,
});

/** A vendor's snapshot with a quote of one second ago. */
export const snapshotOf = (
  symbol: Ticker,
  atMs: number,
  bid = "100.00",
  ask = "100.02",
): Snapshot => ({
  symbol,
  source: "alpaca",
  quote: {
    symbol,
    bid: price(bid),
    ask: price(ask),
    bidSize: 3,
    askSize: 4,
    exchangeTimeMs: atMs - 1_000,
  },
  trade: undefined,
  minuteBar: undefined,
  dailyBar: undefined,
  previousDailyBar: undefined,
  receivedAtMs: atMs,
});

/** Flow of full conviction that passes every gate. */
export const bullishFlow = (symbol: Ticker, atMs: number): FlowEvidence => ({
  symbol,
  flowAlerts: {
    observedAtMs: atMs - 60_000,
    alerts: [
      {
        symbol,
        contract: "call",
        strike: price("105.00"),
        expiry: "2013-10-19",
        totalPremium: usd(6_000_000),
        askSidePremium: usd(6_000_000),
        bidSidePremium: usd(0),
        isSweep: true,
        isMultiLeg: false,
        createdAtMs: atMs - 60_000,
      },
    ],
  },
  daily: {
    insider: { observedAtMs: atMs - 60_000, direction: "bullish", modifier: 0.3, tradeCount: 4 },
    eventAlignment: { observedAtMs: atMs - 60_000, alignment: 0.8 },
  },
});

export const faultOf = (faultClass: VendorFaultClass): VendorFault => ({
  type: "VendorFault",
  vendor: "alpaca",
  class: faultClass,
  detail: "It did not answer.",
});

/** A cell that may trade: reconciled, with a fresh reading of the account. */
export const tradingCell = (settings: Settings, nowMs: number): ControlCell => ({
  ...openCell({ ...settings, nowMs }),
  reconciliation: { state: "clean", cleanAtMs: nowMs },
  accountReading: {
    equity: usd(100_000),
    cash: usd(100_000),
    buyingPower: usd(100_000),
    observedAtMs: nowMs,
  },
});

/** Holds shares of a symbol since half past nine, taken over: no entry of ours, and no bracket. */
export const holdingCell = (cell: ControlCell, symbol: Ticker, count: number): ControlCell => ({
  ...cell,
  holdings: {
    ...cell.holdings,
    [symbol]: {
      quantity: shares(count),
      averagePrice: price("100.00"),
      openedAtMs: SESSION.opensAtMs,
      lastEntryAtMs: null,
    },
  },
});

/** All functions on memory, with vendors that say what they are told to say. */
export type CycleWorld = {
  readonly functions: Functions;
  readonly settings: Settings;
  readonly ports: FunctionPorts;
  /** Starts nothing, until it is told otherwise. */
  readonly failovers: Failovers;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly alerts: MemoryAlerts;
  readonly queues: Readonly<Record<"marketData" | "orders" | "exits" | "dead", MessageQueue>>;
  readonly logs: readonly LogRecord[];
  readonly advance: (ms: number) => void;
  readonly nowMs: () => number;
  readonly answer: {
    /** A list is one vendor's; what is asked for and not in it is missing. */
    snapshots: readonly Snapshot[] | SnapshotAnswer | SnapshotFault;
    flow: readonly FlowEvidence[] | VendorFault;
    clock: "rules" | VendorFault;
    pager: "accepted" | "retryLater" | "refused";
  };
  readonly save: (cell: ControlCell) => Promise<void>;
  readonly receive: (
    queue: "marketData" | "orders" | "exits" | "dead",
  ) => Promise<readonly ReceivedMessage[]>;
};

/** Opens a world at ten in the morning. */
export const openWorld = (change: Partial<Settings> = {}): CycleWorld => {
  let nowMs = TEN_MS;
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const settings = settingsWith(change);
  const failovers: Failovers = { start: async () => undefined };
  const ledgerStore = createMemoryItemStore();
  const ledger = createStoredLedger(ledgerStore);
  const telemetry = createStoredTelemetry(createMemoryItemStore(), { region: REGION });
  const alerts = createMemoryAlerts();
  const standard = { kind: "standard", visibilityTimeoutMs: 1_000, maxReceiveCount: 3 } as const;
  const fifo = { ...standard, kind: "fifo" } as const;
  const queues = {
    marketData: createMemoryQueue(standard, clock),
    orders: createMemoryQueue(fifo, clock),
    exits: createMemoryQueue(fifo, clock),
    dead: createMemoryQueue(fifo, clock),
  };
  const answer: CycleWorld["answer"] = {
    snapshots: [],
    flow: [],
    clock: "rules",
    pager: "accepted",
  };
  const rules = createRulesCalendar();
  const broker = {
    submitOrder: async ({ order }) => ({
      type: "acknowledged",
      order: takenOrder(order, `broker-${order.clientOrderId}`, nowMs),
    }),
    findOrder: async () => ok({ type: "notFound" }),
    findOrders: async () => ok(new Map()),
    listOpenOrders: async () => ok([]),
    listPositions: async () => ok([]),
    readAccount: async () => err(faultOf("NETWORK")),
    readClock: async () => err(faultOf("NETWORK")),
    cancelOrder: async () => ok(undefined),
    listExecutions: async () => ok([]),
    listOrders: async () => ok([]),
    suspendTrading: async () => ok(undefined),
  } satisfies Broker;
  const ports: FunctionPorts = {
    ledger,
    leases: createStoredLeases(ledgerStore),
    telemetry,
    archive: createMemoryArchive(),
    broker,
    marketData: {
      fetchSnapshots: async (symbols) => {
        const { snapshots } = answer;
        if ("type" in snapshots) return err(snapshots);
        if ("snapshots" in snapshots) return ok(snapshots);
        const known = new Set(snapshots.map((snapshot) => snapshot.symbol));
        return ok({ snapshots, missing: symbols.filter((symbol) => !known.has(symbol)) });
      },
      fetchVolatilityIndex: async () => ok(undefined),
    },
    flow: {
      fetchEvidence: async () =>
        "type" in answer.flow
          ? err(answer.flow)
          : ok({ evidence: answer.flow, marketTide: undefined }),
    },
    calendar: {
      momentOf: async (atMs) =>
        answer.clock === "rules" ? rules.momentOf(atMs) : err(answer.clock),
    },
    alerts,
    pager: { page: async () => answer.pager },
    clock,
    random: createSeededRandom(1),
    pause: { wait: async () => {} },
    queues,
    failovers,
    deadLettersOf: (name) => (name === "market-data" ? undefined : queues.dead),
    doors: {
      exits: { dead: queues.exits.deadLetters, live: queues.exits },
      orders: { dead: queues.dead, live: queues.orders },
      "market-data": { dead: queues.marketData.deadLetters, live: queues.marketData },
    },
  };
  const logs: LogRecord[] = [];
  const log = createLog("debug", (record) => logs.push(record));
  return {
    functions: createFunctions(ports, settings, { log, metrics: noMetrics, clock }),
    settings,
    ports,
    failovers,
    ledger,
    telemetry,
    alerts,
    queues,
    logs,
    answer,
    advance: (ms) => {
      nowMs += ms;
    },
    nowMs: () => nowMs,
    save: async (cell) => {
      const before = await ledger.loadCell(cell.account);
      const stored = before.ok ? before.value : undefined;
      const expected = { version: stored?.version ?? 0, epoch: stored?.epoch ?? 0 };
      const saved = await ledger.saveCell({ ...cell, version: expected.version + 1 }, expected);
      if (!saved.ok) throw new Error(saved.error.type);
    },
    receive: (queue) => queues[queue].receive(10),
  };
};
