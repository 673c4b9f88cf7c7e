import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createSqsClient } from "../../../../shared/adapters/aws/clients.ts";
import { createSqsQueue } from "../../../../shared/adapters/aws/message-queue.ts";
import { ServiceClient } from "../../../../shared/adapters/aws/thin/service-client.ts";
import { createHostClock } from "../../../../shared/adapters/host/clock.ts";
import { OPEN_MS } from "../../../contracts/arbitraries.ts";
import { describeMessageQueue } from "../../../contracts/message-queue.ts";
import { createTestQueue } from "../create-test-queue.ts";
import { startFauxqs } from "../fauxqs.ts";

vi.mock("@aws-sdk/client-sqs", () => import("../../../../shared/adapters/aws/thin/sqs.ts"));

const settings = await startFauxqs();
const client = createSqsClient(settings);
afterAll(() => client.destroy());

it("is the client that functions are bundled with", () => {
  expect(client).toBeInstanceOf(ServiceClient);
});

// The emulator lives in this process and reads its date, which stands still until it is set.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: OPEN_MS });
});
afterAll(() => {
  vi.useRealTimers();
});

const clock = createHostClock();
let queues = 0;

describeMessageQueue(
  "SQS queue of a bundle",
  async (options) => {
    queues += 1;
    const urls = await createTestQueue(settings, `queue-${queues}`, options);
    return {
      queue: createSqsQueue({ client, ...urls }),
      deadLetters: createSqsQueue({ client, url: urls.deadLetterUrl }),
      nowMs: clock.nowMs,
      advance: (ms) => {
        vi.setSystemTime(clock.nowMs() + ms);
      },
    };
  },
  { runs: 8 },
);
