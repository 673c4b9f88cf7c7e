import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { MessageQueue, ReceivedMessage } from "../../shared/ports/message-queue.ts";
import { handledOf, toQueueEvent } from "../queue-event.ts";

/** A queue and the function that it feeds. */
export type FedQueue = {
  readonly queue: MessageQueue;
  readonly queueName: string;
  readonly invoke: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** Messages an invocation, at most 10. */
  readonly batchSize: number;
};

/** More batches than a minute can bring; beyond it a function feeds its own queue. */
const BATCHES_MAX = 10_000;

/**
 * Delivers what waits until nothing is visible any more, and returns how many messages that were.
 * Failed messages stay invisible until their time is over, as on SQS: a later minute meets them.
 */
export const drainQueue = async (fed: FedQueue): Promise<number> => {
  let delivered = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const messages = await fed.queue.receive(fed.batchSize);
    if (messages.length === 0) return delivered;
    delivered += messages.length;
    await deliver(fed, messages);
  }
  throw new Error(`The queue ${fed.queueName} does not become empty.`);
};

const deliver = async (fed: FedQueue, messages: readonly ReceivedMessage[]): Promise<void> => {
  const answer = await fed.invoke(toQueueEvent(messages, fed.queueName));
  for (const { receipt } of handledOf(messages, answer)) await fed.queue.remove(receipt);
};
