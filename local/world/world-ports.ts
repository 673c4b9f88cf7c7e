import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import { connectVendors } from "../../shared/adapters/gateway/connect-vendors.ts";
import { createMarketData } from "../../shared/adapters/gateway/market-data.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredBackupRecords } from "../../shared/adapters/stored/backup-records.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import { createStoredLeases } from "../../shared/adapters/stored/leases.ts";
import { createStoredHealing } from "../../shared/adapters/stored/healing.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createStoredOrderSeals } from "../../shared/adapters/stored/order-seals.ts";
import { createStoredTickStore } from "../../shared/adapters/stored/tick-store.ts";
import { createUnusualWhalesFlow } from "../../shared/adapters/unusual-whales/flow.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Flow } from "../../shared/ports/flow.ts";
import type { MarketData } from "../../shared/ports/market-data.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { ChaosControl } from "../../shared/adapters/chaos/chaos-control.ts";
import { createChaosVendor, mapVendors } from "../../shared/adapters/chaos/chaos-vendors.ts";
import { keepAlerts } from "../../shared/use-cases/keep-alerts.ts";
import type { FunctionPorts } from "../function-ports.ts";
import { createCountDeadLetters } from "../../shared/use-cases/count-dead-letters.ts";
import type { WorldFunctionsOptions } from "./world-functions-options.ts";
import type { WorldStores } from "./world-stores.ts";

/** Makes every port, as nothing but the world has left it. */
export const createWorldPorts = (
  options: WorldFunctionsOptions,
  stores: WorldStores,
): FunctionPorts => {
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

/** The queues whose dead letters are tended. */
const doorsOf = ({ marketData, orders, exits }: WorldFunctionsOptions["queues"]) => ({
  exits: { dead: exits.deadLetters, live: exits },
  orders: { dead: orders.deadLetters, live: orders },
  "market-data": { dead: marketData.deadLetters, live: marketData },
});

/** Without a token nothing is known of any symbol's flow, and the funnel says so. */
const flowOf = ({ http, clock, vendors }: WorldFunctionsOptions): Flow => {
  const { token } = vendors.credentials;
  return token === undefined
    ? { fetchEvidence: async () => ok({ evidence: [], marketTide: undefined }) }
    : createUnusualWhalesFlow({ http, clock, baseUrl: vendors.flowUrl, token });
};
