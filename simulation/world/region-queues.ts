import type { OutgoingMessage } from "../../shared/ports/message-queue.ts";
import type { FunctionName, QueueName, RegionView } from "../observation.ts";
import { createEventSource, type EventSource } from "../services/event-source.ts";
import { createSimulatedQueue, type SimulatedQueue } from "../services/queue.ts";
import { QUEUES } from "./deployment.ts";
import type { SharedWorld } from "./shared-world.ts";

/** The queues of a Region, each with the function that it feeds. */
export type RegionQueues = {
  readonly send: (queue: QueueName, messages: readonly OutgoingMessage[]) => void;
  /** Has a message come again after so many milliseconds. */
  readonly release: (queue: QueueName, receipt: string, afterMs: number) => void;
  /** Takes what a function gave up; a name that is no queue of ours is a bug and throws. */
  readonly bury: (queueName: string, message: OutgoingMessage) => void;
  /** Whatever is sent to a queue before `untilMs` waits at least so long. */
  readonly lag: (queue: QueueName, lagMs: number, untilMs: number) => void;
  readonly deadOf: (queue: QueueName) => SimulatedQueue["dead"];
  readonly depths: () => RegionView["queues"];
};

const CONSUMERS: Readonly<Record<QueueName, FunctionName>> = {
  "market-data": "score-signals",
  "orders.fifo": "execute-orders",
  "exits.fifo": "execute-orders",
};

const ABOUT_AGAIN = 71;
const AGAIN_MAX_MS = 1_500;

type Fed = { readonly queue: SimulatedQueue; readonly source: EventSource };

/** Creates the queues and connects them; `invoke` calls a function of the Region. */
export const createRegionQueues = (
  shared: SharedWorld,
  region: string,
  invoke: (name: FunctionName, event: unknown) => Promise<unknown>,
): RegionQueues => {
  const { engine, faults } = shared;
  const place = faults.placeOf(`${region} event sources`);
  /** Lambda promises to process each batch at least once: now and then it does so twice. */
  const deliver = (name: QueueName, event: unknown): Promise<unknown> => {
    const occasion = place.pass(engine.nowMs());
    if (faults.strikes("delivered-twice", occasion, `${region} ${name}`)) {
      engine.after(Math.floor(faults.measure(occasion, ABOUT_AGAIN) * AGAIN_MAX_MS), () => {
        engine.wake();
        // Whatever comes of it, the first one's answer decides about the messages.
        invoke(CONSUMERS[name], event).catch(() => undefined);
      });
    }
    return invoke(CONSUMERS[name], event);
  };
  const create = (name: QueueName): Fed => {
    const { options, batchSize, concurrencyMax } = QUEUES[name];
    const queue = createSimulatedQueue({ ...shared, region, name, options });
    const source = createEventSource({
      engine,
      queue,
      queueName: name,
      batchSize,
      concurrencyMax,
      invoke: (event) => deliver(name, event),
    });
    return { queue, source };
  };
  const fed: Readonly<Record<QueueName, Fed>> = {
    "market-data": create("market-data"),
    "orders.fifo": create("orders.fifo"),
    "exits.fifo": create("exits.fifo"),
  };
  const byName = new Map<string, Fed>(Object.entries(fed));
  return {
    send: (name, messages) => {
      fed[name].queue.send(messages, engine.nowMs());
      fed[name].source.wake();
    },
    release: (name, receipt, afterMs) => {
      fed[name].queue.release(receipt, afterMs, engine.nowMs());
      fed[name].source.wake();
    },
    bury: (queueName, message) => {
      const known = byName.get(queueName);
      if (known === undefined) throw new Error(`There is no queue ${queueName}.`);
      known.queue.bury(message, engine.nowMs());
    },
    lag: (name, lagMs, untilMs) => fed[name].queue.lag(lagMs, untilMs),
    deadOf: (name) => fed[name].queue.dead,
    depths: () => ({
      "market-data": fed["market-data"].queue.depth(),
      "orders.fifo": fed["orders.fifo"].queue.depth(),
      "exits.fifo": fed["exits.fifo"].queue.depth(),
    }),
  };
};
