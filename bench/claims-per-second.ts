import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { createMemoryItemStore } from "../shared/adapters/memory/item-store.ts";
import { openDatabase } from "../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../shared/adapters/sqlite/item-store.ts";
import type { ItemStore } from "../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../shared/adapters/stored/ledger.ts";
import { assert } from "../shared/domain/assert.ts";
import { firstOrder, type Order } from "../shared/domain/orders/order.ts";
import { ok } from "../shared/domain/result.ts";
import type { ControlCell } from "../shared/domain/risk/control-cell.ts";
import { createStoredTelemetry } from "../shared/adapters/stored/telemetry.ts";
import { claimIntent, type ClaimIntentDeps } from "../shared/use-cases/claim-intent.ts";
import { loadCell } from "../shared/use-cases/update-cell.ts";
import { cellOf, intentOf, NOW_MS, quoteOf, REGION } from "../test/fixtures/orders.ts";
import { settings } from "../test/use-cases/trading-account.ts";
import { type Benchmark, medianOf } from "./benchmark.ts";

const RUNS = 3;
const ACCOUNTS = [1, 10, 100, 1_000] as const;
const SQLITE_ACCOUNTS = 10;
const MEMORY_CLAIMS = 2_000;
/** Each waits for the disk. */
const SQLITE_CLAIMS = 300;
const clock = { nowMs: () => NOW_MS, monotonicMs: () => NOW_MS };

/** Claims a second of one account on the local world's store, each with a write that ends it. */
export const claimsPerSecond: Benchmark = {
  name: "claims-per-second",
  unit: "claims/s",
  goal: undefined,
  measure: async (report) => {
    const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
    const database = openDatabase(join(directory, "store.db"));
    assert(database.ok, "A new file can be opened.");
    try {
      const store = createSqliteItemStore(database.value, clock);
      for (const accounts of ACCOUNTS) {
        const rate = await rateOf(createMemoryItemStore(), "m", accounts, MEMORY_CLAIMS);
        report(`${accounts} accounts in memory: ${Math.round(rate)} claims/s together.`);
      }
      const many = await rateOf(store, "many", SQLITE_ACCOUNTS, SQLITE_CLAIMS);
      report(`${SQLITE_ACCOUNTS} accounts on SQLite: ${Math.round(many)} claims/s together.`);
      const runs: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        runs.push(await rateOf(store, `one${run}`, 1, SQLITE_CLAIMS));
      }
      return { ours: medianOf(runs) };
    } finally {
      database.value.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** Books that are whole size an order by themselves. */
const NO_BROKER = { listOpenOrders: async () => ok([]), listPositions: async () => ok([]) };

/** How many claims a second so many accounts make side by side, each one after another. */
const rateOf = async (
  store: ItemStore,
  prefix: string,
  accounts: number,
  claimsMax: number,
): Promise<number> => {
  const ledger = createStoredLedger(store);
  const telemetry = createStoredTelemetry(store, { region: REGION });
  await telemetry.recordQuotes(0, [quoteOf()]);
  const random = createSeededRandom(1);
  const deps = {
    ledger,
    telemetry,
    clock,
    random,
    settings,
    pause: { wait: async () => undefined },
    broker: NO_BROKER,
  };
  const names = Array.from({ length: accounts }, (_, index) => `${prefix}x${index}`);
  const cells = await Promise.all(names.map((name) => openAccount(deps, name)));
  const claims = Math.max(2, Math.round(claimsMax / accounts));
  const startedAtMs = performance.now();
  await Promise.all(cells.map((cell) => claimAgainAndAgain(deps, cell, claims)));
  const claimed = claims * accounts;
  return (claimed * 1_000) / (performance.now() - startedAtMs);
};

const openAccount = async (deps: ClaimIntentDeps, account: string): Promise<ControlCell> => {
  const cell = { ...cellOf({}, { minCooldownMinutes: 0 }), account, version: 1 };
  const saved = await deps.ledger.saveCell(cell, { version: 0, epoch: 0 });
  assert(saved.ok, "A new account can be opened.");
  return cell;
};

const orderOf = (account: string): Order =>
  firstOrder({
    type: "intentRecorded",
    atMs: NOW_MS,
    intent: { ...intentOf(), account },
    recordedBy: "bench",
  });

/**
 * Each claim is taken back before the next, or the limits would end the run: that is counted in.
 */
const claimAgainAndAgain = async (
  deps: ClaimIntentDeps,
  opened: ControlCell,
  claims: number,
): Promise<void> => {
  let { version } = opened;
  for (let index = 0; index < claims; index++) {
    const cell = await loadCell(deps.ledger, opened.account);
    const attempt = await claimIntent(deps, { cell, order: orderOf(opened.account) });
    assert(attempt.type === "claimed", "The fixture's intent can be claimed.");
    version += 2;
    const released = { ...opened, version };
    const saved = await deps.ledger.saveCell(released, {
      version: version - 1,
      epoch: opened.epoch,
    });
    assert(saved.ok, "The claim can be taken back.");
  }
};
