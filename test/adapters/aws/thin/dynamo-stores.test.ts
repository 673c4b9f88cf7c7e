import { afterAll, expect, it, vi } from "vitest";
import { createDynamoClient } from "../../../../shared/adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../../../shared/adapters/aws/item-store.ts";
import { ServiceClient } from "../../../../shared/adapters/aws/thin/service-client.ts";
import { createStoredLedger } from "../../../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../../../shared/adapters/stored/telemetry.ts";
import { describeItemStore } from "../../../contracts/item-store.ts";
import { describeLedger } from "../../../contracts/ledger.ts";
import { describeTelemetry } from "../../../contracts/telemetry.ts";
import { startDynalite } from "../dynalite.ts";

vi.mock(
  "@aws-sdk/client-dynamodb",
  () => import("../../../../shared/adapters/aws/thin/dynamodb.ts"),
);

const table = "items";
const client = createDynamoClient(await startDynalite(table));
afterAll(() => client.destroy());

it("is the client that functions are bundled with", () => {
  expect(client).toBeInstanceOf(ServiceClient);
});

const store = createDynamoItemStore({ client, table });
const telemetryStore = createDynamoItemStore({ client, table, reads: "eventual" });

describeItemStore("DynamoDB item store of a bundle", async () => store, { runs: 8 });

describeLedger("DynamoDB ledger of a bundle", async () => createStoredLedger(store), {
  runs: 10,
  raceRuns: 50,
});

describeTelemetry(
  "DynamoDB telemetry of a bundle",
  async (region) => createStoredTelemetry(telemetryStore, { region }),
  { runs: 8 },
);
