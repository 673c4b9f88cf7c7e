import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { handledOf, toQueueEvent } from "../../local/queue-event.ts";
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
    if (planned !== undefined) engine.cancel(planned.event);
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
    const over = (handled: readonly ReceivedMessage[]): void => {
      running -= 1;
      for (const { receipt } of handled) queue.remove(receipt, engine.nowMs());
      planAt(engine.nowMs() + POLL_MS);
    };
    void whenSettled(
      options.invoke(toQueueEvent(messages, options.queueName)),
      (answer) => over(handledOf(messages, answer as SQSBatchResponse | undefined)),
      () => over([]),
    );
  };
  return { wake: () => planAt(engine.nowMs() + POLL_MS) };
};
