import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { ReceivedMessage } from "../../shared/ports/message-queue.ts";
import type { Engine, Planned } from "../engine/engine.ts";
import { whenSettled } from "../engine/when-settled.ts";
import type { QueueName } from "../observation.ts";
import type { SimulatedQueue } from "./queue.ts";

/** A queue and the function that it feeds, as the event source mapping of Lambda connects them. */
export type EventSourceOptions = {
  readonly engine: Engine;
  readonly queue: SimulatedQueue;
  readonly queueName: QueueName;
  /** Messages an invocation, at most 10. */
  readonly batchSize: number;
  /** Invocations at the same time. */
  readonly concurrencyMax: number;
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
};

/** Delivers what its queue has. */
export type EventSource = {
  /** Something was sent, or may be visible again. */
  readonly wake: () => void;
};

/** A poller finds a message so long after it became visible. */
const POLL_MS = 15;

/**
 * Delivers batches until the queue gives none. What the function names as failed stays in flight
 * until its time is over, and so does the whole batch of a function that threw, ran out or died.
 */
export const createEventSource = (options: EventSourceOptions): EventSource => {
  const { engine, queue } = options;
  let running = 0;
  let planned: { readonly event: Planned; readonly atMs: number } | undefined;
  const planAt = (atMs: number): void => {
    if (planned !== undefined && planned.atMs <= atMs) return;
    planned?.event.cancel();
    planned = { event: engine.at(atMs, poll), atMs };
  };
  const poll = (): void => {
    planned = undefined;
    while (running < options.concurrencyMax) {
      const messages = queue.receive(options.batchSize, engine.nowMs());
      if (messages.length === 0) break;
      deliver(messages);
    }
    const nextMs = queue.nextVisibleAtMs(engine.nowMs());
    if (nextMs !== undefined) planAt(nextMs + POLL_MS);
  };
  const deliver = (messages: readonly ReceivedMessage[]): void => {
    running += 1;
    engine.wake();
    const event = { Records: messages.map((message) => toRecord(message, options.queueName)) };
    const over = (failed: ReadonlySet<string> | "all"): void => {
      running -= 1;
      for (const { id, receipt } of messages) {
        if (failed !== "all" && !failed.has(id)) queue.remove(receipt, engine.nowMs());
      }
      planAt(engine.nowMs() + POLL_MS);
    };
    void whenSettled(
      options.invoke(event),
      (answer) => over(failedOf(answer, messages)),
      () => over("all"),
    );
  };
  return { wake: () => planAt(engine.nowMs() + POLL_MS) };
};

/** An identifier that names no message of the batch means the whole batch, as Lambda reads it. */
const failedOf = (
  answer: unknown,
  messages: readonly ReceivedMessage[],
): ReadonlySet<string> | "all" => {
  const failures = (answer as SQSBatchResponse | undefined)?.batchItemFailures ?? [];
  const failed = new Set(failures.map((failure) => failure.itemIdentifier));
  const isKnown = [...failed].every((id) => messages.some((message) => message.id === id));
  return isKnown ? failed : "all";
};

const toRecord = (message: ReceivedMessage, queueName: string): SQSRecord => ({
  messageId: message.id,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: message.receiveCount.toString(),
    SentTimestamp: message.sentAtMs.toString(),
    SenderId: "holdfast-simulation",
    ApproximateFirstReceiveTimestamp: message.sentAtMs.toString(),
    ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: `arn:aws:sqs:simulated:000000000000:${queueName}`,
  awsRegion: "simulated",
});
