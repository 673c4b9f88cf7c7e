import { expect, it, vi } from "vitest";
import { createSqsClient } from "../../../../shared/adapters/aws/clients.ts";
import { ServiceClient } from "../../../../shared/adapters/aws/thin/service-client.ts";
import { describeSqsQueue } from "../describe-sqs-queue.ts";
import { startFauxqs } from "../fauxqs.ts";

vi.mock("@aws-sdk/client-sqs", () => import("../../../../shared/adapters/aws/thin/sqs.ts"));

const settings = await startFauxqs();
const client = createSqsClient(settings);

it("is the client that functions are bundled with", () => {
  expect(client).toBeInstanceOf(ServiceClient);
});

describeSqsQueue("SQS queue of a bundle", client, settings, { runs: 8 });
