import { createAlpacaBroker } from "../../shared/adapters/alpaca/broker.ts";
import { createAlpacaMarketData } from "../../shared/adapters/alpaca/market-data.ts";
import { createExchangeCalendar } from "../../shared/adapters/exchange-calendar/exchange-calendar.ts";
import type { HttpClient } from "../../shared/adapters/http/http-client.ts";
import type { Database } from "../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../shared/adapters/sqlite/item-store.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { createUnusualWhalesFlow } from "../../shared/adapters/unusual-whales/flow.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { Alerts } from "../../shared/ports/alerts.ts";
import type { Archive } from "../../shared/ports/archive.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { MessageSender } from "../../shared/ports/message-queue.ts";
import type { Pause } from "../../shared/ports/pause.ts";
import type { Random } from "../../shared/ports/random.ts";
import { createLog, type LogSink } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { createFunctions, type Functions } from "../functions.ts";
import type { WorldExchange } from "./start-exchange.ts";
import { watchLedger, type LedgerWatch } from "./watch-ledger.ts";
import type { WorldSeams } from "./world-seams.ts";

/** What the functions of the local world stand on. */
export type WorldFunctionsOptions = {
  readonly store: Database;
  readonly exchange: Pick<WorldExchange, "url" | "credentials">;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly pause: Pause;
  readonly settings: Settings;
  readonly alerts: Alerts;
  readonly archive: Archive;
  readonly queues: {
    readonly marketData: MessageSender;
    readonly orders: MessageSender;
    readonly exits: MessageSender;
  };
  readonly deadLettersOf: (queueName: string) => MessageSender | undefined;
  readonly watch: LedgerWatch;
  readonly seams: WorldSeams | undefined;
};

/** Every function on the local world's ports, and the ledger that they write. */
export const createWorldFunctions = (
  options: WorldFunctionsOptions,
): { readonly functions: Functions; readonly ledger: Ledger } => {
  const { store, exchange, http, clock, random, settings, watch } = options;
  const { keyId, secretKey, token } = exchange.credentials;
  const items = createSqliteItemStore(store, clock);
  const stored = createStoredLedger(items);
  const ledger = watchLedger(options.seams?.watchLedger(stored) ?? stored, watch);
  const alpaca = { http, clock, baseUrl: exchange.url, credentials: { keyId, secretKey } };
  const broker = createAlpacaBroker(alpaca);
  const functions = createFunctions(
    {
      ledger,
      telemetry: createStoredTelemetry(items, { region: settings.region }),
      archive: options.archive,
      broker,
      marketData: createAlpacaMarketData(alpaca),
      flow: createUnusualWhalesFlow({ http, clock, baseUrl: exchange.url, token }),
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
      queues: options.queues,
      deadLettersOf: options.deadLettersOf,
    },
    settings,
    { log: createLog("warn", createLogSink(clock, watch)), metrics: noMetrics, clock },
  );
  return { functions, ledger };
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
