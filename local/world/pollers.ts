import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Functions } from "../functions.ts";
import { createQueuePoller, type QueuePoller } from "./poll-queue.ts";
import { QUEUE_NAMES, type WakingQueue, type WorldQueues } from "./queues.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import { toTopicEvent } from "./topic.ts";

/** What the pollers need. */
export type PollersOptions = {
  readonly queues: WorldQueues;
  readonly functions: Pick<Functions, "scoreSignals" | "executeOrders" | "notify">;
  readonly timers: Timers;
  readonly nowMs: () => number;
  readonly onFailure: (name: string, error: unknown) => void;
};

/** One shard's message is a whole batch of work. */
const MARKET_DATA_BATCH = 1;
/** As deployed: what stands behind an order that goes back uses up no delivery of its own. */
const FIFO_BATCH = 1;
const ALERTS_BATCH = 1;

/** Connects every queue with the function that it feeds; exits have a poller of their own. */
export const createPollers = (options: PollersOptions): readonly QueuePoller[] => {
  const { queues, functions, timers, onFailure } = options;
  const connect = (
    queue: WakingQueue,
    queueName: string,
    batchSize: number,
    invoke: (event: SQSEvent) => Promise<SQSBatchResponse | void>,
  ): QueuePoller => {
    const poller = createQueuePoller({ queue, queueName, batchSize, invoke, timers, onFailure });
    // A topic delivers a moment later; an alert must not be handled before it was handed over.
    if (queue !== queues.alerts) queue.onSend(poller.wake);
    return poller;
  };
  const { marketData, orders, exits, alerts } = QUEUE_NAMES;
  return [
    connect(queues.exits, exits, FIFO_BATCH, functions.executeOrders),
    connect(queues.orders, orders, FIFO_BATCH, functions.executeOrders),
    connect(queues.marketData, marketData, MARKET_DATA_BATCH, functions.scoreSignals),
    connect(queues.alerts, alerts, ALERTS_BATCH, async ({ Records }) => {
      for (const { messageId, body } of Records) {
        await functions.notify(toTopicEvent(messageId, body, options.nowMs()));
      }
    }),
  ];
};
