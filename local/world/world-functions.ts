import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createAlpacaBroker } from "../../shared/adapters/alpaca/broker.ts";
import { createBudgetedBroker } from "../../shared/adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../shared/adapters/budget/stored-budget.ts";
import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { connectVendors } from "../../shared/adapters/gateway/connect-vendors.ts";
import { createMarketData } from "../../shared/adapters/gateway/market-data.ts";
import type { HttpClient } from "../../shared/adapters/http/http-client.ts";
import type { Database } from "../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../shared/adapters/sqlite/item-store.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredBackupRecords } from "../../shared/adapters/stored/backup-records.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredHealing } from "../../shared/adapters/stored/healing.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createStoredOrderSeals } from "../../shared/adapters/stored/order-seals.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTickStore } from "../../shared/adapters/stored/tick-store.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { createUnusualWhalesFlow } from "../../shared/adapters/unusual-whales/flow.ts";
import { ALPACA_BUDGET } from "../../shared/domain/budget/token-bucket.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Alerts } from "../../shared/ports/alerts.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { HealRuns } from "../../shared/ports/heal-runs.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { LockedStore } from "../../shared/ports/locked-store.ts";
import type { MarketData } from "../../shared/ports/market-data.ts";
import type { Pause } from "../../shared/ports/pause.ts";
import type { PolicySeal, PolicySigner } from "../../shared/ports/signed-policies.ts";
import type { Random } from "../../shared/ports/random.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import { createLog, type LogSink } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import type { BackUpDeps } from "../../shared/use-cases/back-up.ts";
import {
  createKeepConfiguration,
  type KeepConfiguration,
} from "../../shared/use-cases/keep-configuration.ts";
import type { ChaosControl } from "../../shared/adapters/chaos/chaos-control.ts";
import { createChaosVendor, mapVendors } from "../../shared/adapters/chaos/chaos-vendors.ts";
import { chaosWorldOf } from "../../shared/domain/chaos/chaos-mode.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import { disturbPorts } from "../chaos/disturb-ports.ts";
import { createLocalChaos, type LocalChaos } from "../chaos/local-chaos.ts";
import { alarmFunctions } from "./function-alarms.ts";
import { watchEvidence, type EvidenceWatch } from "./watch-evidence.ts";
import { createFunctions, type FunctionPorts, type Functions } from "../functions.ts";
import { watchLedger, type LedgerWatch } from "./watch-ledger.ts";
import type { WorldQueues } from "./queues.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import { createCountDeadLetters } from "../../shared/use-cases/count-dead-letters.ts";
import { createWorldEnvironment, type WorldEnvironmentOptions } from "./world-environment.ts";
import type { WorldSeams } from "./world-seams.ts";
import type { WorldVendors } from "./world-vendors.ts";

/** What the functions of the local world stand on. */
export type WorldFunctionsOptions = {
  readonly store: Database;
  readonly vendors: WorldVendors;
  readonly http: HttpClient;
  /** For vendors of market data, which are asked once a minute. */
  readonly vendorHttp: HttpClient;
  readonly clock: Clock;
  /** This machine's own clock and timers, whatever the world's time. */
  readonly host: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly pause: Pause;
  readonly settings: Settings;
  readonly alerts: Alerts;
  /** Signs what this world was started with. */
  readonly seal: PolicySeal & PolicySigner;
  readonly archive: Archive;
  /** Where the audit's records stand. */
  readonly locked: LockedStore;
  /** The ledger's backups; absent where another store keeps the ledger. */
  readonly backups?: Pick<BackUpDeps, "backups" | "exports" | "policy"> | undefined;
  readonly queues: Pick<WorldQueues, "marketData" | "orders" | "exits" | "deadLettersOf">;
  readonly watch: LedgerWatch & EvidenceWatch;
  readonly onFailure: (name: string, error: unknown) => void;
  readonly seams: WorldSeams | undefined;
  /** Starts what heals, which is made of these functions. */
  readonly healRuns: HealRuns;
  /** What the functions' environment measures of itself. */
  readonly own: WorldEnvironmentOptions["own"];
  /** Where there are two Regions: the ledger that they share, and this one's telemetry. */
  readonly regionItems?: RegionItems | undefined;
};

/** What a Region of two keeps its items in. */
export type RegionItems = { readonly ledger: ItemStore; readonly telemetry: ItemStore };

/** Every function on the local world's ports, and the ledger that they write. */
export const createWorldFunctions = (
  options: WorldFunctionsOptions,
): {
  readonly functions: Functions;
  readonly ledger: Ledger;
  readonly signedConfiguration: KeepConfiguration;
  /** Absent where nothing may be broken on purpose. */
  readonly chaos: LocalChaos | undefined;
} => {
  const { store, vendors, http, clock, settings, watch } = options;
  const { keyId, secretKey } = vendors.credentials;
  const items = options.regionItems?.telemetry ?? createSqliteItemStore(store, clock);
  const ledgerItems = options.regionItems?.ledger ?? items;
  const kept = createStoredTelemetry(items, { region: settings.region });
  const telemetry = watchEvidence(options.seams?.watchTelemetry?.(kept) ?? kept, watch);
  const stored = createStoredLedger(ledgerItems);
  const ledger = watchLedger(options.seams?.watchLedger(stored) ?? stored, watch);
  const alpaca = { http, clock, credentials: { keyId, secretKey } };
  const alpacaBroker = createAlpacaBroker({ ...alpaca, baseUrl: vendors.brokerUrl });
  const broker =
    settings.mode === "sim" ? alpacaBroker : withinBudget(alpacaBroker, items, options);
  const heads = createStoredAuditHeads(ledgerItems);
  const signedConfiguration = createKeepConfiguration({
    ...options,
    ledger,
    telemetry,
    policies: createStoredSignedPolicies(items),
    signer: options.seal,
    alerts: keepAlerts({ alerts: options.alerts, telemetry, clock }),
    audit: createRecordAudit({ ...options, heads, digest: sha256 }),
  });
  const chaos = chaosOf(options, items, ledgerItems);
  const disturbed = (given: FunctionPorts): FunctionPorts =>
    chaos === undefined ? given : disturbPorts({ ...given, chaos: chaos.port }, chaos.control);
  const stores = {
    items,
    ledgerItems,
    heads,
    telemetry,
    ledger,
    broker,
    signedConfiguration,
    chaos,
  };
  const ports = (): FunctionPorts => disturbed(portsOf(options, stores));
  const healing = createStoredHealing(items, { region: settings.region });
  const functions = createWorldEnvironment({
    build: (tendEnvironment) =>
      createFunctions(ports(), settings, {
        log: createLog("warn", createLogSink(clock, watch)),
        metrics: noMetrics,
        clock,
        tendEnvironment,
      }),
    own: options.own,
    healing,
    telemetry,
    clock,
    onRetire: options.vendorHttp.close,
  });
  // Alarms know no store that a failure could take with it, but keep what they told where they can.
  const alarms = keepAlerts({ alerts: options.alerts, telemetry: ports().telemetry, clock });
  const alarmed = alarmFunctions(functions, {
    alerts: alarms,
    clock,
    settings,
    onFailure: options.onFailure,
    onFailed: watch.onFailed,
  });
  return { functions: alarmed, ledger, signedConfiguration, chaos };
};

/** What the ports are made of, beside the world's own options. */
type Stores = {
  readonly items: ItemStore;
  readonly ledgerItems: ItemStore;
  readonly heads: ReturnType<typeof createStoredAuditHeads>;
  readonly telemetry: Telemetry;
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly signedConfiguration: KeepConfiguration;
  readonly chaos: LocalChaos | undefined;
};

/** Every port, as nothing but the world has left it. */
const portsOf = (options: WorldFunctionsOptions, stores: Stores): FunctionPorts => {
  const { clock, random, settings, watch } = options;
  const { items, ledgerItems, heads, telemetry, ledger, broker, signedConfiguration, chaos } =
    stores;
  return {
    ledger,
    leases: createStoredLeases(ledgerItems),
    telemetry,
    archive: options.archive,
    ticks: createStoredTickStore(items, { region: settings.region }),
    broker,
    marketData: marketDataOf(options, chaos?.control, items, telemetry),
    flow: flowOf(options),
    calendar: createExchangeCalendar({ broker }),
    alerts: options.alerts,
    // The person at the terminal is the one who is paged.
    pager: {
      page: async (alert) => {
        watch.tell({ type: "alert", atMs: clock.nowMs(), alert });
        return "accepted";
      },
    },
    clock,
    random,
    pause: options.pause,
    queues: {
      ...options.queues,
      marketData:
        options.seams?.watchQuotes?.(options.queues.marketData) ?? options.queues.marketData,
    },
    deadLettersOf: options.queues.deadLettersOf,
    doors: doorsOf(options.queues),
    countDeadLetters: createCountDeadLetters(
      Object.values(doorsOf(options.queues)).map(({ dead }) => dead),
    ),
    resetConnections: options.vendorHttp.close,
    healRuns: options.healRuns,
    backups:
      options.backups === undefined
        ? undefined
        : {
            ...options.backups,
            records: createStoredBackupRecords(items, { region: settings.region }),
          },
    healing: createStoredHealing(items, { region: settings.region }),
    signedConfiguration,
    signing: { policies: createStoredSignedPolicies(items), seal: options.seal },
    auditing: {
      heads,
      records: createStoredAuditRecords({ account: settings.account, own: options.locked }),
      seals: createStoredOrderSeals(ledgerItems),
    },
    breakers: createStoredBreakerRecords(items, { region: settings.region }),
  };
};

/**
 * All vendors, over HTTP. However fast this world's time passes, an answer takes as long as it
 * takes: latencies, time-outs and hedges are the host's, ages and sessions the world's.
 */
const marketDataOf = (
  options: WorldFunctionsOptions,
  chaos: ChaosControl | undefined,
  items: ItemStore,
  telemetry: Telemetry,
): MarketData => {
  const { vendors, vendorHttp: http, host, timers, random, settings } = options;
  const { keyId, secretKey, polygonKey, tiingoToken } = vendors.credentials;
  const clock = { nowMs: options.clock.nowMs, monotonicMs: host.monotonicMs };
  const connected = connectVendors(
    {
      alpaca: { url: vendors.marketDataUrl, credentials: { keyId, secretKey } },
      polygon: { url: vendors.polygonUrl, key: polygonKey },
      yahoo: { url: vendors.yahooUrl },
      tiingo: { url: vendors.tiingoUrl, token: tiingoToken },
    },
    { http, clock, settings },
  );
  const pause = { wait: (ms: number) => new Promise<void>((go) => void timers.after(ms, go)) };
  const { quietHours } = settings;
  const alerts = keepAlerts({ alerts: options.alerts, telemetry, clock, quietHours });
  const gateway = createMarketData({
    vendors:
      chaos === undefined
        ? connected
        : mapVendors(connected, (vendor) => createChaosVendor(vendor, chaos, { clock, pause })),
    clock,
    timers,
    random,
    settings,
    telemetry,
    breakers: createStoredBreakerRecords(items, { region: settings.region }),
    alerts,
  });
  // The callers' deadlines are of the world's time: the gateway keeps its own.
  const marketData: MarketData = {
    fetchSnapshots: (symbols) => gateway.fetchSnapshots(symbols),
    fetchVolatilityIndex: () => gateway.fetchVolatilityIndex(),
    tend: async () => gateway.tend?.(),
  };
  return options.seams?.watchMarketData?.(marketData) ?? marketData;
};

/** Only where orders are not real there is anything that can be broken on purpose. */
const chaosOf = (
  { clock, queues, settings, watch }: WorldFunctionsOptions,
  items: ItemStore,
  ledgerItems: ItemStore,
): LocalChaos | undefined => {
  const world = chaosWorldOf(settings.mode);
  if (!world.ok) return undefined;
  const stored = { items, ledgerItems, queues };
  return createLocalChaos({ ...stored, world: world.value, clock, settings, tell: watch.tell });
};

/** The queues whose dead letters are tended. */
const doorsOf = ({ marketData, orders, exits }: WorldFunctionsOptions["queues"]) => ({
  exits: { dead: exits.deadLetters, live: exits },
  orders: { dead: orders.deadLetters, live: orders },
  "market-data": { dead: marketData.deadLetters, live: marketData },
});

/** The simulated exchange has no limit to keep to; a real account has one for all functions. */
const withinBudget = (
  broker: Broker,
  store: ItemStore,
  { clock, settings }: WorldFunctionsOptions,
): Broker => {
  const { account, region } = settings;
  const policy = ALPACA_BUDGET;
  return createBudgetedBroker(
    broker,
    createStoredBudget({ store, clock, account, region, policy }),
    clock,
  );
};

/** Without a token nothing is known of any symbol's flow, and the funnel says so. */
const flowOf = ({ http, clock, vendors }: WorldFunctionsOptions): Flow => {
  const { token } = vendors.credentials;
  return token === undefined
    ? { fetchEvidence: async () => ok([]) }
    : createUnusualWhalesFlow({ http, clock, baseUrl: vendors.flowUrl, token });
};

/** What goes wrong in a function is told as it is; what goes well is told by what it does. */
const createLogSink =
  (clock: Clock, { tell }: LedgerWatch): LogSink =>
  ({ level, message }) =>
    tell({
      type: "fault",
      atMs: clock.nowMs(),
      isPassing: level !== "error",
      name: "functions",
      detail: message,
    });
