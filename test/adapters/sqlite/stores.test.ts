import { afterAll } from "vitest";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { createSqliteQueue } from "../../../shared/adapters/sqlite/message-queue.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createStoredTickStore } from "../../../shared/adapters/stored/tick-store.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { describeBreakerRecords } from "../../contracts/breaker-records.ts";
import { describeItemStore } from "../../contracts/item-store.ts";
import { describeLedger } from "../../contracts/ledger.ts";
import { createManualClock } from "../../contracts/manual-clock.ts";
import { describeMessageQueue } from "../../contracts/message-queue.ts";
import { describeTickStore } from "../../contracts/tick-store.ts";
import { describeTelemetry } from "../../contracts/telemetry.ts";
import { describeLeases } from "../../contracts/leases.ts";
import { describeRequestBudget } from "../../contracts/request-budget.ts";

// The suites run on a database in memory, which is the same engine without the disk; what a file
// adds (restart, lock, damage) has its own tests.
const opened = openDatabase(":memory:");
if (!opened.ok) throw new Error(opened.error.detail);
const database = opened.value;
afterAll(() => database.close());

const store = createSqliteItemStore(database, createManualClock(OPEN_MS));

describeItemStore("SQLite item store", async () => store, { runs: 100 });

describeLedger("SQLite ledger", async () => createStoredLedger(store), {
  runs: 50,
  raceRuns: 200,
});

describeTelemetry("SQLite telemetry", async (region) => createStoredTelemetry(store, { region }), {
  runs: 25,
});

let queues = 0;
describeMessageQueue(
  "SQLite queue",
  async (options) => {
    queues += 1;
    const clock = createManualClock(OPEN_MS);
    const queue = createSqliteQueue(database, { ...options, name: `queue-${queues}` }, clock);
    const { deadLetters } = queue;
    return { queue, deadLetters, nowMs: clock.nowMs, advance: clock.advance };
  },
  { runs: 100 },
);

describeRequestBudget("SQLite", async () => store);

describeLeases("SQLite", async () => store);

describeBreakerRecords("SQLite", async (region) => createStoredBreakerRecords(store, { region }), {
  runs: 25,
});

describeTickStore("SQLite", async (region) => createStoredTickStore(store, { region }), {
  runs: 25,
});
