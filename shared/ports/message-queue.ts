/** What travels between functions: a wake-up hint as JSON text, never the truth. */
export type OutgoingMessage = {
  /** JSON, at most 256 KiB. */
  readonly body: string;
  /** FIFO queues only: messages of a group arrive in order, one batch at a time. */
  readonly group?: string;
  /** FIFO queues only: a second message with the same id within 5 minutes is dropped. */
  readonly deduplicationId?: string;
};

/** A message in flight: invisible to others until removed, released or its time is over. */
export type ReceivedMessage = {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly group: string | undefined;
  /** 1 for the first delivery. */
  readonly receiveCount: number;
  /** Epoch milliseconds. */
  readonly sentAtMs: number;
};

/** How many messages wait, are in flight, and lie in the dead-letter queue. */
export type QueueDepth = {
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
};

/** One queue with its dead-letter queue. Delivers at least once. Throws `RetryableError`. */
export type MessageQueue = {
  readonly send: (messages: readonly OutgoingMessage[]) => Promise<void>;
  /** At most 10; of a FIFO group only the front, and none while one of the group is in flight. */
  readonly receive: (limit: number) => Promise<readonly ReceivedMessage[]>;
  readonly remove: (receipt: string) => Promise<void>;
  /**
   * Makes a message in flight visible again for another try, after so many milliseconds from now,
   * rounded up to whole seconds where the queue counts in those; at once where nothing is said.
   */
  readonly release: (receipt: string, afterMs?: number) => Promise<void>;
  readonly depth: () => Promise<QueueDepth>;
};

/** Sending side only: what a function that publishes needs. */
export type MessageSender = Pick<MessageQueue, "send">;

/** Returning side only: what a function needs that wants a message again sooner than usual. */
export type MessageReturner = Pick<MessageQueue, "release">;
