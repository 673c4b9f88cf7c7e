import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createMemoryQueue } from "../../../shared/adapters/memory/message-queue.ts";
import { createQueuePoller } from "../../../local/world/poll-queue.ts";
import { createVirtualHost } from "./virtual-host.ts";

const VISIBILITY_MS = 90_000;

const createWorld = (invoke: (event: SQSEvent) => Promise<SQSBatchResponse | void>) => {
  const host = createVirtualHost();
  const clock = { nowMs: host.monotonicMs, monotonicMs: host.monotonicMs };
  const queue = createMemoryQueue(
    { kind: "fifo", visibilityTimeoutMs: VISIBILITY_MS, maxReceiveCount: 2 },
    clock,
  );
  const failures: string[] = [];
  const poller = createQueuePoller({
    queue,
    queueName: "orders.fifo",
    batchSize: 10,
    invoke,
    timers: host.timers,
    onFailure: (name) => failures.push(name),
  });
  const send = (...bodies: readonly string[]): Promise<void> =>
    queue.send(bodies.map((body) => ({ body, group: "main", deduplicationId: body })));
  return { host, queue, poller, failures, send };
};

const bodiesOf = ({ Records }: SQSEvent): readonly string[] => Records.map(({ body }) => body);

describe("the poller of a queue", () => {
  it("hands over whole SQS records in order and removes what was handled", async () => {
    const seen: SQSEvent[] = [];
    const { host, queue, poller, send } = createWorld(async (event) => {
      seen.push(event);
      return { batchItemFailures: [] };
    });
    await send("one", "two");
    poller.start();
    await host.pass(1_000);
    expect(seen.flatMap(bodiesOf)).toEqual(["one", "two"]);
    expect(seen[0]?.Records[0]).toMatchObject({
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:local:000000000000:orders.fifo",
      attributes: { ApproximateReceiveCount: "1", MessageGroupId: "main" },
    });
    expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 0 });
  });

  it("keeps failed messages for another try, and lays them aside after the last", async () => {
    const tries: (readonly string[])[] = [];
    const { host, queue, poller, send } = createWorld(async (event) => {
      tries.push(bodiesOf(event));
      const failed = event.Records.filter(({ body }) => body !== "one");
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await send("one", "two", "three");
    poller.start();
    await host.pass(1_000);
    expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 2, dead: 0 });
    await host.pass(VISIBILITY_MS + 1_000);
    expect(tries).toEqual([
      ["one", "two", "three"],
      ["two", "three"],
    ]);
    await host.pass(VISIBILITY_MS + 1_000);
    expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 0, dead: 2 });
  });

  it.each([
    ["that throws", () => Promise.reject(new Error("It failed."))],
    [
      "that names no message of the batch",
      async () => ({ batchItemFailures: [{ itemIdentifier: "" }] }),
    ],
  ])("takes the whole batch of a function %s for failed", async (_name, invoke) => {
    const { host, queue, poller, send } = createWorld(invoke);
    await send("one", "two");
    poller.start();
    await host.pass(1_000);
    expect(await queue.depth()).toEqual({ waiting: 0, inFlight: 2, dead: 0 });
  });

  it("looks at once when it is woken, and not at all after it was stopped", async () => {
    const seen: string[] = [];
    const { host, poller, send } = createWorld(async (event) => {
      seen.push(...bodiesOf(event));
    });
    poller.start();
    await host.pass(10);
    await send("one");
    poller.wake();
    await host.pass(1);
    expect(seen).toEqual(["one"]);
    await poller.stop();
    await send("two");
    poller.wake();
    await host.pass(10_000);
    expect(seen).toEqual(["one"]);
  });
});
