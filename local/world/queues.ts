import type { Database } from "../../shared/adapters/sqlite/database.ts";
import { createSqliteQueue } from "../../shared/adapters/sqlite/message-queue.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";
import { visibilityMsOf } from "../../shared/runtime/function-limits.ts";

/** A queue that tells a listener when something was sent, so that nobody has to wait for a poll. */
export type WakingQueue = MessageQueue & {
  readonly onSend: (listener: () => void) => void;
  /** What it gave up. */
  readonly deadLetters: MessageQueue;
};

/** The queues of the local world, under the names that they have when deployed. */
export type WorldQueues = {
  readonly marketData: WakingQueue;
  readonly orders: WakingQueue;
  readonly exits: WakingQueue;
  /** Stands for the alerts topic. */
  readonly alerts: WakingQueue;
  /** Where the hopeless messages of the queue with this name are kept. */
  readonly deadLettersOf: (queueName: string) => MessageQueue | undefined;
};

/** The names by which functions and dead letters know the queues. */
export const QUEUE_NAMES = {
  marketData: "market-data",
  orders: "orders.fifo",
  exits: "exits.fifo",
  alerts: "alerts",
} as const;

// Six windows of the consumer's time-out, as the deployed queues have it.
const MARKET_DATA = {
  kind: "standard",
  visibilityTimeoutMs: visibilityMsOf("score-signals"),
  maxReceiveCount: 3,
} as const;
const FIFO = {
  kind: "fifo",
  visibilityTimeoutMs: visibilityMsOf("execute-orders"),
  maxReceiveCount: 5,
} as const;
// A topic's delivery is tried twice more, soon, and then laid aside.
const ALERTS = { kind: "standard", visibilityTimeoutMs: 60_000, maxReceiveCount: 3 } as const;

/** Opens the queues in the world's store; what was in flight at a crash comes again. */
export const createWorldQueues = (store: Database, clock: Clock): WorldQueues => {
  const { marketData, orders, exits, alerts } = QUEUE_NAMES;
  const open = (name: string, options: typeof MARKET_DATA | typeof FIFO | typeof ALERTS) =>
    waking(createSqliteQueue(store, { ...options, name }, clock));
  const queues = {
    marketData: open(marketData, MARKET_DATA),
    orders: open(orders, FIFO),
    exits: open(exits, FIFO),
    alerts: open(alerts, ALERTS),
  };
  const deadLetters = new Map<string, MessageQueue>([
    [marketData, queues.marketData.deadLetters],
    [orders, queues.orders.deadLetters],
    [exits, queues.exits.deadLetters],
  ]);
  return { ...queues, deadLettersOf: (queueName) => deadLetters.get(queueName) };
};

const waking = (queue: ReturnType<typeof createSqliteQueue>): WakingQueue => {
  let wake: (() => void) | undefined;
  return {
    ...queue,
    send: async (messages) => {
      await queue.send(messages);
      wake?.();
    },
    onSend: (listener) => {
      wake = listener;
    },
  };
};
