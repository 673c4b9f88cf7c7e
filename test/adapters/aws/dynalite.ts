import { once } from "node:events";
import type * as DynamoSdk from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { afterAll, vi } from "vitest";
import type { AwsSettings } from "../../../shared/adapters/aws/clients.ts";

/** Starts DynamoDB within this process, with one empty table, until the test file is over. */
export const startDynalite = async (table: string): Promise<AwsSettings> => {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is a port.");
  const settings = {
    region: "us-east-2",
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  // The official client, also where the test puts another in its place.
  const sdk = await vi.importActual<typeof DynamoSdk>("@aws-sdk/client-dynamodb");
  const client = new sdk.DynamoDBClient(settings);
  await client.send(
    new sdk.CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "partition", AttributeType: "S" },
        { AttributeName: "sort", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "partition", KeyType: "HASH" },
        { AttributeName: "sort", KeyType: "RANGE" },
      ],
    }),
  );
  await sdk.waitUntilTableExists(
    { client, minDelay: 0.02, maxDelay: 0.02, maxWaitTime: 5 },
    { TableName: table },
  );
  afterAll(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return settings;
};
