import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHandler } from "../lambdas/execute-orders/handler.ts";
import { createExchange } from "../local/exchange/core/exchange.ts";
import { createFaultControl } from "../local/exchange/faults/fault-control.ts";
import type { MarketFeed } from "../local/exchange/prices/market-feed.ts";
import { createSeededFeed } from "../local/exchange/prices/seeded-feed.ts";
import { startExchangeServer } from "../local/exchange/server.ts";
import { openSqliteJournal } from "../local/exchange/sqlite-journal.ts";
import { createAlpacaBroker } from "../shared/adapters/alpaca/broker.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { createHttpClient, type HttpClient } from "../shared/adapters/http/http-client.ts";
import { openDatabase } from "../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../shared/adapters/sqlite/item-store.ts";
import type { ItemStore } from "../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { assert } from "../shared/domain/assert.ts";
import { usd } from "../shared/domain/market/money.ts";
import { formatPrice, type Price } from "../shared/domain/market/price.ts";
import { shares } from "../shared/domain/market/quantity.ts";
import { parseTicker } from "../shared/domain/market/ticker.ts";
import type { OrderIntent } from "../shared/domain/orders/order-intent.ts";
import type { ControlCell } from "../shared/domain/risk/control-cell.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { Random } from "../shared/ports/random.ts";
import { silentLog } from "../shared/runtime/log.ts";
import { noMetrics } from "../shared/runtime/metrics.ts";
import {
  cellOf,
  holding,
  IBM,
  intentOf,
  must,
  NOW_MS,
  quoteOf,
  REGION,
} from "../test/fixtures/orders.ts";
import { queueEvent } from "../test/lambdas/events.ts";
import { settings } from "../test/use-cases/trading-account.ts";

/** Where a measurement stands between execute-orders and everything outside it. */
export type OrderSeams = {
  readonly ledgerStore?: (store: ItemStore) => ItemStore;
  readonly telemetryStore?: (store: ItemStore) => ItemStore;
  readonly http?: (http: HttpClient) => HttpClient;
};

/**
 * An account whose intents go the way of the local world: SQLite file, HTTP, simulated exchange.
 */
export type OrderAccount = {
  /** Hands intent number `index` (0 to 999) to execute-orders, as its queue does. */
  readonly execute: (index: number) => Promise<void>;
  /** Takes the order back and settles its claim; what was stored is there to be compared with. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const KEYS = {
  alpacaKeyId: "key",
  alpacaSecretKey: "secret",
  unusualWhalesToken: "token",
  polygonKey: "polygon",
  tiingoToken: "tiingo",
};
const HOLDINGS = 20;
const TIMEOUT_MS = 15_000;

/** Opens the account, with a fresh quote and 20 positions, in a temporary directory. */
export const openOrderAccount = async (seams: OrderSeams = {}): Promise<OrderAccount> => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  const database = openDatabase(join(directory, "store.db"));
  assert(database.ok, "A new file can be opened.");
  const host = createHostClock();
  const clock = clockFrom(host);
  const random = createSeededRandom(1);
  const feed = createSeededFeed({ seed: "1", symbols: [IBM] });
  const { exchange, server, journal } = await startExchange({ directory, clock, random, feed });
  const http = createHttpClient({ clock: host });
  const items = createSqliteItemStore(database.value, clock);
  const world = { clock, random, baseUrl: server.url, http: seams.http?.(http) ?? http };
  const handler = createOrderHandler(items, seams, world);
  const ledger = createStoredLedger(items);
  const telemetry = createStoredTelemetry(items, { region: REGION });
  const market = marketAt(feed, clock.nowMs());
  const first = { ...cellOf({ holdings: twentyHoldings() }, { minCooldownMinutes: 0 }) };
  const start = async (version: number): Promise<void> => {
    const expected = { version: version - 1, epoch: version === 1 ? 0 : first.epoch };
    const saved = await ledger.saveCell({ ...first, version }, expected);
    assert(saved.ok, "The account's cell can be stored.");
    await telemetry.recordQuotes(0, [market.quoteAt(clock.nowMs())]);
  };
  await start(1);
  return {
    execute: async (index) => {
      const body = JSON.stringify(market.intentAt(index));
      const message = { id: `m${index}`, body, group: "main", receiveCount: 1 };
      const endsAtMs = clock.monotonicMs() + TIMEOUT_MS;
      const answer = await handler(queueEvent("orders.fifo", [message]), {
        awsRequestId: `r${index}`,
        getRemainingTimeInMillis: () => endsAtMs - clock.monotonicMs(),
      });
      assert(answer.batchItemFailures.length === 0, "The intent was executed.");
    },
    reset: async () => {
      const loaded = await ledger.loadCell(first.account);
      assert(loaded.ok && loaded.value !== undefined, "The account's cell can be read.");
      const [claim] = Object.values(loaded.value.inFlight);
      const order = exchange.getOrderByClientOrderId(claim?.clientOrderId ?? "");
      assert(order !== undefined, "The exchange has the order that was claimed.");
      exchange.cancelOrder(order.id, clock.nowMs());
      await start(loaded.value.version + 1);
    },
    close: async () => {
      http.close();
      await server.close();
      journal.close();
      database.value.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** The simulated exchange over HTTP, with a journal on disk as the local world has it. */
const startExchange = async (options: {
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly feed: MarketFeed;
}) => {
  const { directory, clock, random, feed } = options;
  const journal = openSqliteJournal(join(directory, "exchange.db"));
  const startingCash = usd(100_000);
  const startsAtMs = clock.nowMs();
  const exchange = createExchange({ name: "bench", startsAtMs, startingCash, journal });
  const server = await startExchangeServer({
    exchange,
    feed,
    flowRoutes: [],
    credentials: KEYS,
    faults: createFaultControl(random.next),
    requestsPerMinute: Infinity,
    clock,
    port: 0,
    onFault: (cause) => {
      throw cause;
    },
  });
  return { exchange, server, journal };
};

/** The function as the local world has it, with what a measurement puts in between. */
const createOrderHandler = (
  items: ItemStore,
  seams: OrderSeams,
  world: {
    readonly clock: Clock;
    readonly random: Random;
    readonly http: HttpClient;
    readonly baseUrl: string;
  },
) => {
  const { clock, random, http, baseUrl } = world;
  const credentials = { keyId: KEYS.alpacaKeyId, secretKey: KEYS.alpacaSecretKey };
  return createHandler(
    {
      ledger: createStoredLedger(seams.ledgerStore?.(items) ?? items),
      telemetry: createStoredTelemetry(seams.telemetryStore?.(items) ?? items, { region: REGION }),
      broker: createAlpacaBroker({ http, clock, baseUrl, credentials }),
      alerts: { publish: async () => undefined },
      clock,
      random,
      pause: { wait: async () => undefined },
      settings,
    },
    { log: silentLog, metrics: noMetrics, clock },
  );
};

/** The host's time, moved to ten o'clock of a trading day. */
export const clockFrom = (host: Clock): Clock => {
  const startMs = host.monotonicMs();
  return {
    nowMs: () => Math.floor(NOW_MS + host.monotonicMs() - startMs),
    monotonicMs: host.monotonicMs,
  };
};

const twentyHoldings = (): ControlCell["holdings"] =>
  Object.assign(
    {},
    ...Array.from({ length: HOLDINGS }, (_, index) => {
      const symbol = must(parseTicker(`H${String.fromCharCode(65 + index)}`));
      return holding(4, "100.00", symbol).holdings;
    }),
  );

/** Intents whose limit stands so far below the market that the order works and does not fill. */
const marketAt = (feed: MarketFeed, nowMs: number) => {
  const { bid, ask } = must(feed.quoteOf(IBM, nowMs));
  const scaled = (ratio: number): Price => (Math.round((bid * ratio) / 100) * 100) as Price;
  const limitPrice = scaled(0.97);
  return {
    quoteAt: (atMs: number) => quoteOf(formatPrice(bid), formatPrice(ask), atMs),
    intentAt: (revision: number): OrderIntent => ({
      ...intentOf({ revision }),
      quantity: shares(1),
      pricing: { type: "limit", limitPrice },
      protection: { stopPrice: scaled(0.94), targetPrice: scaled(1.04) },
      referencePrice: bid,
      validUntilMs: NOW_MS + 3_600_000,
    }),
  };
};
