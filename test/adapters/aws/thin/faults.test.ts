import { expect, it, vi } from "vitest";
import { createDynamoClient, createSqsClient } from "../../../../shared/adapters/aws/clients.ts";
import { ServiceClient } from "../../../../shared/adapters/aws/thin/service-client.ts";

// The same failures, met by the clients that the functions are bundled with.
vi.mock(
  "@aws-sdk/client-dynamodb",
  () => import("../../../../shared/adapters/aws/thin/dynamodb.ts"),
);
vi.mock("@aws-sdk/client-sqs", () => import("../../../../shared/adapters/aws/thin/sqs.ts"));
vi.mock("@aws-sdk/client-sns", () => import("../../../../shared/adapters/aws/thin/sns.ts"));
vi.mock(
  "@aws-sdk/client-secrets-manager",
  () => import("../../../../shared/adapters/aws/thin/secrets-manager.ts"),
);

await import("../faults.test.ts");

it("is met by the clients that functions are bundled with", () => {
  expect(createDynamoClient({ region: "us-east-2" })).toBeInstanceOf(ServiceClient);
  expect(createSqsClient({ region: "us-east-2" })).toBeInstanceOf(ServiceClient);
});
