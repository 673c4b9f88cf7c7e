import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createMemoryTelemetry } from "../../../shared/adapters/memory/telemetry.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createStoredTickStore } from "../../../shared/adapters/stored/tick-store.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { describeBreakerRecords } from "../../contracts/breaker-records.ts";
import { describeItemStore } from "../../contracts/item-store.ts";
import { describeLeases } from "../../contracts/leases.ts";
import { describeLedger } from "../../contracts/ledger.ts";
import { describeTickStore } from "../../contracts/tick-store.ts";
import { describeTelemetry } from "../../contracts/telemetry.ts";
import { describeRequestBudget } from "../../contracts/request-budget.ts";

describeItemStore("memory item store", async () => createMemoryItemStore(), { runs: 100 });

describeLedger("memory ledger", async () => createStoredLedger(createMemoryItemStore()), {
  runs: 100,
  raceRuns: 200,
});

const store = createMemoryItemStore();
describeTelemetry(
  "stored telemetry in memory",
  async (region) => createStoredTelemetry(store, { region }),
  {
    runs: 50,
  },
);

const telemetry = createMemoryTelemetry();
describeTelemetry("memory telemetry", async (region) => telemetry.ofRegion(region), { runs: 50 });

describeRequestBudget("memory", async () => createMemoryItemStore());

describeLeases("memory", async () => createMemoryItemStore());

describeBreakerRecords("memory", async (region) => createStoredBreakerRecords(store, { region }), {
  runs: 50,
});

describeTickStore("memory", async (region) => createStoredTickStore(store, { region }), {
  runs: 50,
});
