import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHandler } from "../lambdas/poll-market-data/handler.ts";
import { createAlpacaMarketData } from "../shared/adapters/alpaca/market-data.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { createHttpClient } from "../shared/adapters/http/http-client.ts";
import { openDatabase } from "../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../shared/adapters/sqlite/item-store.ts";
import { createSqliteQueue } from "../shared/adapters/sqlite/message-queue.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { assert } from "../shared/domain/assert.ts";
import { parseTicker, type Ticker } from "../shared/domain/market/ticker.ts";
import { shardsOf } from "../shared/domain/settings.ts";
import { silentLog } from "../shared/runtime/log.ts";
import { noMetrics } from "../shared/runtime/metrics.ts";
import { must, REGION } from "../test/fixtures/orders.ts";
import { settings } from "../test/use-cases/trading-account.ts";
import type { Benchmark } from "./benchmark.ts";
import { clockFrom } from "./order-account.ts";
import { createOutsideTime } from "./outside-time.ts";
import { percentile } from "./percentile.ts";
import { startSnapshotServer } from "./snapshot-server.ts";

const SYMBOLS = 500;
const SHARD_SIZE = 100;
const WARM_UPS = 10;
const ROUNDS = 100;
const TIMEOUT_MS = 20_000;
const QUEUE = { kind: "standard", visibilityTimeoutMs: 120_000, maxReceiveCount: 3 } as const;

/** How long 500 symbols take from the start of their polls until the last one is published. */
export const pollLatency: Benchmark = {
  name: "poll-latency",
  unit: "ms p99",
  goal: undefined,
  measure: async (report) => {
    const poller = await openPoller();
    try {
      const together: number[] = [];
      const own: number[] = [];
      for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
        const totalMs = await poller.pollTogether();
        const { ownMs } = await poller.pollInTurn();
        if (round < WARM_UPS) continue;
        together.push(totalMs);
        own.push(ownMs);
      }
      const p99 = percentile(together, 0.99);
      const ownP99 = percentile(own, 0.99);
      report(
        `p50 ${percentile(together, 0.5).toFixed(1)} ms, five shards at once, with vendor, store ` +
          `and queue in the same process. Ours of it: p50 ${percentile(own, 0.5).toFixed(1)} ms, ` +
          `p99 ${ownP99.toFixed(1)} ms, ${((100 * ownP99) / p99).toFixed(0)} %.`,
      );
      return { ours: p99 };
    } finally {
      await poller.close();
    }
  },
};

/** poll-market-data with a vendor over HTTP, and the local world's store and queue. */
const openPoller = async () => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  const database = openDatabase(join(directory, "store.db"));
  assert(database.ok, "A new file can be opened.");
  const host = createHostClock();
  const clock = clockFrom(host);
  const symbols = manySymbols();
  const server = await startSnapshotServer(clock.nowMs);
  const http = createHttpClient({ clock: host });
  const outside = createOutsideTime();
  const items = outside.wrap(createSqliteItemStore(database.value, clock));
  const messages = outside.wrap(createSqliteQueue(database.value, { ...QUEUE, name: "q" }, clock));
  const credentials = { keyId: "key", secretKey: "secret" };
  const timed = outside.wrap(http);
  let publishedAtMs = 0;
  const handler = createHandler(
    {
      marketData: createAlpacaMarketData({ http: timed, clock, baseUrl: server.url, credentials }),
      telemetry: createStoredTelemetry(items, { region: REGION }),
      messages: {
        send: async (sent) => {
          await messages.send(sent);
          publishedAtMs = performance.now();
        },
      },
      clock,
      settings: { ...settings, symbols, shardSize: SHARD_SIZE },
    },
    { log: silentLog, metrics: noMetrics, clock },
  );
  const poll = async (shard: { readonly shard: number; readonly symbols: readonly Ticker[] }) => {
    const slotMs = Math.floor(clock.nowMs() / 60_000) * 60_000;
    const endsAtMs = clock.monotonicMs() + TIMEOUT_MS;
    const polled = await handler(
      { ...shard, cycleId: "bench", slotMs },
      { awsRequestId: "bench", getRemainingTimeInMillis: () => endsAtMs - clock.monotonicMs() },
    );
    assert(polled.valid === SHARD_SIZE, "Every symbol of the shard is valid.");
  };
  const shards = shardsOf(symbols, SHARD_SIZE);
  return {
    /** Milliseconds until the last of five concurrent shards was published. */
    pollTogether: async (): Promise<number> => {
      const startedAtMs = performance.now();
      await Promise.all(shards.map(poll));
      return publishedAtMs - startedAtMs;
    },
    /** One shard after the other: how long none of them waited for anything. */
    pollInTurn: async (): Promise<{ readonly ownMs: number }> => {
      let ownMs = 0;
      for (const shard of shards) {
        outside.reset();
        const startedAtMs = performance.now();
        await poll(shard);
        ownMs += performance.now() - startedAtMs - outside.readMs();
      }
      return { ownMs };
    },
    close: async (): Promise<void> => {
      http.close();
      await server.close();
      database.value.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** AAA, AAB and so on. */
const manySymbols = (): readonly Ticker[] =>
  Array.from({ length: SYMBOLS }, (_, index) => {
    const [first, second] = [Math.floor(index / 26), index % 26].map((at) => LETTERS.charAt(at));
    return must(parseTicker(`S${first}${second}`));
  });
