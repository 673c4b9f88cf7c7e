import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, vi } from "vitest";
import { createSqsClient } from "../../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../../shared/adapters/aws/message-queue.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { describeMessageQueue } from "../../contracts/message-queue.ts";
import { startFauxqs } from "./fauxqs.ts";

const client = createSqsClient(await startFauxqs());
afterAll(() => client.destroy());

// The emulator lives in this process and reads its date, which stands still until it is set.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: OPEN_MS });
});
afterAll(() => {
  vi.useRealTimers();
});

const clock = createHostClock();
let queues = 0;
const createQueue = async (isFifo: boolean, attributes: Record<string, string>) => {
  queues += 1;
  const created = await client.send(
    new CreateQueueCommand({
      QueueName: `queue-${queues}${isFifo ? ".fifo" : ""}`,
      Attributes: { ...attributes, ...(isFifo ? { FifoQueue: "true" } : {}) },
    }),
  );
  const url = created.QueueUrl ?? "";
  const { Attributes: own } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: own?.["QueueArn"] ?? "" };
};

describeMessageQueue(
  "SQS queue",
  async ({ kind, visibilityTimeoutMs, maxReceiveCount }) => {
    const isFifo = kind === "fifo";
    const dead = await createQueue(isFifo, {});
    const { url } = await createQueue(isFifo, {
      VisibilityTimeout: (visibilityTimeoutMs / 1_000).toString(),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount }),
    });
    return {
      queue: createSqsQueue({ client, url, deadLetterUrl: dead.url }),
      nowMs: clock.nowMs,
      advance: (ms) => {
        vi.setSystemTime(clock.nowMs() + ms);
      },
    };
  },
  { runs: 15 },
);
