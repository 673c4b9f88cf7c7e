import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { openDatabase } from "../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../shared/adapters/sqlite/item-store.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import type { OrderIntent, Side } from "../../shared/domain/orders/order-intent.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import { createExecuteOrder } from "../../shared/use-cases/execute-order.ts";
import {
  cellOf,
  holding,
  IBM,
  intentOf,
  must,
  NOW_MS,
  quoteOf,
  REGION,
} from "../fixtures/orders.ts";
import { openAccount, runOnce, settings } from "./trading-account.ts";

const ROUNDS = 1_000;
/** Transactions cost more, and show no other interleavings. */
const SQLITE_ROUNDS = 250;
const clock = { nowMs: () => NOW_MS, monotonicMs: () => NOW_MS };
const UNHURRIED = { remainingMs: () => 30_000 };
const random = createSeededRandom(11);

/** SQLite without a file: what is raced are its conditional writes, not the disk. */
const openSqlite = (): ItemStore => {
  const database = openDatabase(":memory:");
  if (!database.ok) throw new Error(database.error.detail);
  return createSqliteItemStore(database.value, clock);
};

/** A store each of whose answers takes a chance number of turns, so that rounds interleave anew. */
const jittered = (store: ItemStore): ItemStore =>
  new Proxy(store, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== "function") return call;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        for (let turns = random.next() * 4; turns > 1; turns--) await Promise.resolve();
        const answer: unknown = await Reflect.apply(call, target, [...args]);
        for (let turns = random.next() * 4; turns > 1; turns--) await Promise.resolve();
        return answer;
      };
    },
  });

/** What a round may hold: flat, where two entries do not fit; or three shares, to be sold once. */
const ROUND_KINDS = [
  { side: "buy", purpose: "entry", holdings: {} },
  { side: "sell", purpose: "exit", holdings: holding(3).holdings ?? {} },
] as const satisfies readonly {
  readonly side: Side;
  readonly purpose: OrderIntent["purpose"];
  readonly holdings: ControlCell["holdings"];
}[];

const race = async (store: ItemStore, rounds: number): Promise<void> => {
  const { deps } = await openAccount();
  const ledger = createStoredLedger(jittered(store));
  const telemetry = createStoredTelemetry(jittered(store), { region: REGION });
  await telemetry.recordQuotes(0, [quoteOf()]);
  let cell: ControlCell = { ...cellOf({}, { minCooldownMinutes: 0 }), version: 1 };
  expect((await ledger.saveCell(cell, { version: 0, epoch: 0 })).ok).toBe(true);
  for (let round = 0; round < rounds; round++) {
    const { side, purpose, holdings } = ROUND_KINDS[round % 2 === 0 ? 0 : 1];
    cell = { ...cell, version: cell.version + 1, holdings, inFlight: {}, day: null };
    const { version, epoch } = cell;
    expect((await ledger.saveCell(cell, { version: version - 1, epoch })).ok).toBe(true);
    const taken: OrderIntent[] = [];
    const executor = () =>
      createExecuteOrder({
        ...deps,
        ledger,
        telemetry,
        clock,
        random,
        settings,
        pause: { wait: async () => undefined },
        broker: {
          ...deps.broker,
          findOrder: async () => ({ ok: true, value: { type: "notFound" } }),
          submitOrder: async ({ order }) => {
            taken.push(order);
            return { type: "unknown", detail: "The answer was lost." };
          },
        },
      });
    const [first, second] = [executor(), executor()];
    const intents = [0, 1].map((minute) =>
      intentOf({ side, purpose, count: 3, minute, revision: round }),
    );
    await Promise.all([
      ...intents.map((intent) => runOnce(() => first(intent, UNHURRIED))),
      ...intents.toReversed().map((intent) => runOnce(() => second(intent, UNHURRIED))),
    ]);
    const ids = new Set(taken.map(({ clientOrderId }) => clientOrderId));
    expect(ids.size).toBe(taken.length);
    expect(taken.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(shares(3));
    const loaded = await ledger.loadCell("main");
    cell = must(loaded.ok ? loaded.value : undefined);
    expect(Object.keys(cell.inFlight)).toEqual([...ids]);
    expect(cell.inFlight[taken[0]?.clientOrderId ?? ""]?.symbol).toBe(IBM);
  }
};

describe("two executors on one account", () => {
  it("race 1,000 rounds in memory without a double or a limit passed", async () => {
    await race(createMemoryItemStore(), ROUNDS);
  });

  it("race 250 rounds on SQLite without a double or a limit passed", async () => {
    await race(openSqlite(), SQLITE_ROUNDS);
  });
});
