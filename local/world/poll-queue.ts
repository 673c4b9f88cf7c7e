import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";
import type { Timers } from "../../shared/ports/timers.ts";
import { handledOf, toQueueEvent } from "../queue-event.ts";

/** Hands a queue's messages to a function, as Lambda's event source mapping does. */
export type QueuePoller = {
  readonly start: () => void;
  /** Looks at once instead of at the next turn; for senders. */
  readonly wake: () => void;
  /** Takes no batch any more and waits for the one at work. */
  readonly stop: () => Promise<void>;
  readonly isIdle: () => boolean;
};

/** What a poller needs. */
export type QueuePollerDeps = {
  readonly queue: MessageQueue;
  readonly queueName: string;
  /** At most 10. */
  readonly batchSize: number;
  readonly invoke: (event: SQSEvent) => Promise<SQSBatchResponse | void>;
  readonly timers: Timers;
  readonly onFailure: (name: string, error: unknown) => void;
};

/** How long an empty queue is left alone, in the host's milliseconds; a sender wakes it sooner. */
const IDLE_MS = 250;

/**
 * One batch at a time. Messages that the function does not name as failed are removed; failed ones
 * stay invisible until their time is over and come again, up to the queue's bound, as on SQS. A
 * function that throws has failed for its whole batch.
 */
export const createQueuePoller = (deps: QueuePollerDeps): QueuePoller => {
  let current: Promise<void> | undefined;
  let isStopped = true;
  let isWoken = false;
  let cancelTimer: (() => void) | undefined;

  const turn = (): void => {
    if (isStopped || current !== undefined) return;
    cancelTimer?.();
    isWoken = false;
    current = deliver().finally(() => {
      current = undefined;
    });
  };

  const deliver = async (): Promise<void> => {
    let received = 0;
    try {
      received = await deliverBatch(deps);
    } catch (error) {
      deps.onFailure(deps.queueName, error);
    }
    if (isStopped) return;
    const pauseMs = received > 0 || isWoken ? 0 : IDLE_MS;
    cancelTimer = deps.timers.after(pauseMs, turn);
  };

  return {
    start: () => {
      isStopped = false;
      turn();
    },
    wake: () => {
      isWoken = true;
      turn();
    },
    stop: async () => {
      isStopped = true;
      cancelTimer?.();
      await current;
    },
    isIdle: () => current === undefined,
  };
};

const deliverBatch = async (deps: QueuePollerDeps): Promise<number> => {
  const messages = await deps.queue.receive(deps.batchSize);
  if (messages.length === 0) return 0;
  const answer = await deps.invoke(toQueueEvent(messages, deps.queueName));
  for (const { receipt } of handledOf(messages, answer ?? undefined))
    await deps.queue.remove(receipt);
  return messages.length;
};
