import type { MessageQueue } from "../ports/message-queue.ts";

/**
 * Counts the messages that lie in dead-letter queues, those included that are being tended: a
 * letter that is looked at again and again is waiting too. Throws `RetryableError`.
 */
export const createCountDeadLetters =
  (queues: readonly Pick<MessageQueue, "depth">[]): (() => Promise<number>) =>
  async () => {
    const depths = await Promise.all(queues.map((queue) => queue.depth()));
    return depths.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
  };
