import { afterAll } from "vitest";
import { createDynamoClient } from "../../../shared/adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../../shared/adapters/aws/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createStoredTickStore } from "../../../shared/adapters/stored/tick-store.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import { createStoredBreakerRecords } from "../../../shared/adapters/stored/breaker-records.ts";
import { describeBreakerRecords } from "../../contracts/breaker-records.ts";
import { describeItemStore } from "../../contracts/item-store.ts";
import { describeLedger } from "../../contracts/ledger.ts";
import { describeTickStore } from "../../contracts/tick-store.ts";
import { describeTelemetry } from "../../contracts/telemetry.ts";
import { startDynalite } from "./dynalite.ts";
import { describeLeases } from "../../contracts/leases.ts";
import { describeRequestBudget } from "../../contracts/request-budget.ts";

const table = "items";
const client = createDynamoClient(await startDynalite(table));
afterAll(() => client.destroy());

const store = createDynamoItemStore({ client, table });
const telemetryStore = createDynamoItemStore({ client, table, reads: "eventual" });

describeItemStore("DynamoDB item store", async () => store, { runs: 15 });

describeLedger("DynamoDB ledger", async () => createStoredLedger(store), {
  runs: 10,
  raceRuns: 200,
});

describeTelemetry(
  "DynamoDB telemetry",
  async (region) => createStoredTelemetry(telemetryStore, { region }),
  { runs: 8 },
);

describeRequestBudget("DynamoDB", async () => store);

describeLeases("DynamoDB", async () => store);

describeBreakerRecords(
  "DynamoDB",
  async (region) => createStoredBreakerRecords(telemetryStore, { region }),
  { runs: 8 },
);

describeTickStore("DynamoDB", async (region) => createStoredTickStore(store, { region }), {
  runs: 8,
});
