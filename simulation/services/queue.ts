import {
  checkMessages,
  DEDUPLICATION_MS,
  RECEIVE_MAX,
  type QueueOptions,
} from "../../shared/adapters/stored/message.ts";
import type {
  OutgoingMessage,
  QueueDepth,
  ReceivedMessage,
} from "../../shared/ports/message-queue.ts";
import { visibilityMsOf } from "../../shared/runtime/function-limits.ts";
import type { FaultControl, FaultPlace } from "../faults/fault-control.ts";
import type { QueueName } from "../observation.ts";
import type { Observe } from "../world/observe.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";

/** A queue of the simulated world; every call takes effect at once, at the moment it is given. */
export type SimulatedQueue = {
  readonly send: (messages: readonly OutgoingMessage[], nowMs: number) => void;
  readonly receive: (limit: number, nowMs: number) => readonly ReceivedMessage[];
  /** Removes a message if the receipt is its newest; else it stays. */
  readonly remove: (receipt: string, nowMs: number) => void;
  /** Makes a message visible again after so long if the receipt is its newest. */
  readonly release: (receipt: string, afterMs: number, nowMs: number) => void;
  /** When the next message that cannot be received now becomes visible; `undefined` for none. */
  readonly nextVisibleAtMs: (nowMs: number) => number | undefined;
  readonly depth: () => QueueDepth;
  /** Whatever is sent before `untilMs` waits at least so long: what it feeds lags behind. */
  readonly lag: (lagMs: number, untilMs: number) => void;
  /** Takes a message into the dead-letter queue that a function has given up. */
  readonly bury: (message: OutgoingMessage, nowMs: number) => void;
  /** What was given up. */
  readonly dead: Pick<DeadLetters, "receive" | "release"> & {
    readonly remove: (receipt: string) => void;
    readonly depth: () => QueueDepth;
  };
};

/** What a queue needs. */
export type SimulatedQueueDeps = {
  readonly region: string;
  readonly name: QueueName;
  readonly options: QueueOptions;
  readonly faults: FaultControl;
  readonly observe: Observe;
};

type Message = {
  readonly id: string;
  readonly sequence: number;
  readonly body: string;
  readonly group: string;
  readonly sentAtMs: number;
  /** In flight or late: not to be received before this moment. */
  visibleAtMs: number;
  receiveCount: number;
  receipt: string | undefined;
  isRemoved: boolean;
};

type QueueState = {
  readonly deps: SimulatedQueueDeps;
  readonly place: FaultPlace;
  /** In the order of arrival. */
  messages: Message[];
  readonly sentIds: Map<string, number>;
  readonly dead: DeadLetters;
  lagging: { readonly lagMs: number; readonly untilMs: number };
  buried: number;
  sent: number;
  received: number;
};

const ABOUT = { late: 11, duplicate: 12, order: 13 } as const;
const LATE_MAX_MS = 90_000;
const DUPLICATE_MAX_MS = 40_000;

/**
 * SQS as it is documented. Standard: at least once, in any order. FIFO: in order within a group, of
 * which one batch is in flight at a time; an id that was sent within 5 minutes is dropped. In both
 * a message that was received too often goes to the dead-letter queue instead of being received.
 */
export const createSimulatedQueue = (deps: SimulatedQueueDeps): SimulatedQueue => {
  const { region, name, faults } = deps;
  const state: QueueState = {
    deps,
    place: faults.placeOf(`${region} ${name}`),
    messages: [],
    sentIds: new Map(),
    dead: createDeadLetters(visibilityMsOf("redrive-dead-letters")),
    lagging: { lagMs: 0, untilMs: -Infinity },
    buried: 0,
    sent: 0,
    received: 0,
  };
  return {
    send: (messages, nowMs) => {
      checkMessages(deps.options.kind, messages);
      for (const message of messages) enqueue(state, message, nowMs);
    },
    receive: (limit, nowMs) => receive(state, Math.min(limit, RECEIVE_MAX), nowMs),
    remove: (receipt, nowMs) => remove(state, receipt, nowMs),
    release: (receipt, afterMs, nowMs) => release(state, receipt, afterMs, nowMs),
    nextVisibleAtMs: (nowMs) => {
      let nextMs: number | undefined;
      for (const { visibleAtMs } of state.messages) {
        if (visibleAtMs <= nowMs) continue;
        if (nextMs === undefined || visibleAtMs < nextMs) nextMs = visibleAtMs;
      }
      return nextMs;
    },
    depth: () => {
      let inFlight = 0;
      for (const message of state.messages) if (message.receipt !== undefined) inFlight++;
      return { waiting: state.messages.length - inFlight, inFlight, dead: state.dead.size() };
    },
    lag: (lagMs, untilMs) => {
      state.lagging = { lagMs, untilMs };
    },
    bury: ({ body, group }, nowMs) => {
      state.buried += 1;
      const messageId = `${region}-${name}-buried-${state.buried}`;
      state.dead.add({ id: messageId, body, group, sentAtMs: nowMs });
      deps.observe({
        type: "messageDeadLettered",
        region,
        queue: name,
        messageId,
        body,
        cause: "hopeless",
      });
    },
    dead: {
      receive: state.dead.receive,
      release: state.dead.release,
      remove: (receipt) => {
        const removed = state.dead.remove(receipt);
        if (removed === undefined) return;
        const { id: messageId, body } = removed;
        deps.observe({ type: "deadLetterRemoved", region, queue: name, messageId, body });
      },
      depth: () => ({ waiting: state.dead.size(), inFlight: 0, dead: 0 }),
    },
  };
};

const enqueue = (state: QueueState, outgoing: OutgoingMessage, nowMs: number): void => {
  const { deps, sentIds, place } = state;
  const { region, name, faults, observe } = deps;
  const { body, deduplicationId, group } = outgoing;
  if (deduplicationId !== undefined) {
    for (const [id, sentAtMs] of sentIds) {
      if (nowMs - sentAtMs < DEDUPLICATION_MS) break;
      sentIds.delete(id);
    }
    if (sentIds.has(deduplicationId)) return;
    sentIds.set(deduplicationId, nowMs);
  }
  const occasion = place.pass(nowMs);
  const isLate = faults.strikes("late-message", occasion, place.name);
  const lateMs = isLate ? Math.ceil(faults.measure(occasion, ABOUT.late) * LATE_MAX_MS) : 0;
  const { lagMs, untilMs } = state.lagging;
  const lag = nowMs < untilMs ? lagMs : 0;
  state.sent += 1;
  const message: Message = {
    id: `${region}-${name}-${state.sent}`,
    sequence: state.sent,
    body,
    group: group ?? "",
    sentAtMs: nowMs,
    visibleAtMs: nowMs + Math.max(lateMs, lag),
    receiveCount: 0,
    receipt: undefined,
    isRemoved: false,
  };
  state.messages.push(message);
  observe({ type: "messageSent", region, queue: name, messageId: message.id, body, group });
};

const receive = (state: QueueState, limit: number, nowMs: number): readonly ReceivedMessage[] => {
  const { deps, place } = state;
  const { options, faults, region, name, observe } = deps;
  const isFifo = options.kind === "fifo";
  buryTired(state, nowMs);
  const open = isFifo ? openOfGroups(state, nowMs) : visibleOf(state, nowMs);
  if (open.length === 0) return [];
  const occasion = place.pass(nowMs);
  if (!isFifo && open.length > 1 && faults.strikes("reordered-message", occasion, place.name)) {
    open.unshift(
      ...open.splice(Math.floor(faults.measure(occasion, ABOUT.order) * open.length), 1),
    );
  }
  return open.slice(0, limit).map((message) => {
    state.received += 1;
    const receipt = `${message.id}-${state.received}`;
    message.receiveCount += 1;
    message.receipt = receipt;
    message.visibleAtMs = nowMs + options.visibilityTimeoutMs;
    const { id, body, receiveCount, sentAtMs } = message;
    if (!isFifo && faults.strikes("duplicate-message", occasion, place.name)) {
      // A copy that the service still has: removing this one does not reach it.
      duplicate(
        state,
        message,
        nowMs + Math.ceil(faults.measure(occasion, ABOUT.duplicate) * DUPLICATE_MAX_MS),
      );
    }
    observe({ type: "messageDelivered", region, queue: name, messageId: id, body, receiveCount });
    const group = isFifo ? message.group : undefined;
    return { id, receipt, body, group, receiveCount, sentAtMs };
  });
};

const duplicate = (state: QueueState, message: Message, visibleAtMs: number): void => {
  state.messages.push({ ...message, receipt: undefined, visibleAtMs });
};

const remove = (state: QueueState, receipt: string, nowMs: number): void => {
  const { deps, place } = state;
  const message = state.messages.find((each) => each.receipt === receipt);
  if (message === undefined) return;
  const occasion = place.pass(nowMs);
  if (deps.faults.strikes("lost-removal", occasion, place.name)) return;
  state.messages = state.messages.filter((each) => each !== message);
  const { region, name: queue } = deps;
  deps.observe({
    type: "messageRemoved",
    region,
    queue,
    messageId: message.id,
    body: message.body,
  });
};

const release = (state: QueueState, receipt: string, afterMs: number, nowMs: number): void => {
  const message = state.messages.find((each) => each.receipt === receipt);
  // One whose time is over is nobody's to hide again.
  if (message === undefined || message.visibleAtMs <= nowMs) return;
  message.visibleAtMs = nowMs + afterMs;
  const { region, name: queue, observe } = state.deps;
  observe({ type: "messageReturned", region, queue, messageId: message.id, body: message.body });
};

/** Ends deliveries whose time is over, and buries what was delivered often enough. */
const buryTired = (state: QueueState, nowMs: number): void => {
  const { options, region, name: queue, observe } = state.deps;
  let hasDead = false;
  for (const message of state.messages) {
    if (message.visibleAtMs > nowMs) continue;
    message.receipt = undefined;
    if (message.receiveCount < options.maxReceiveCount) continue;
    hasDead = true;
    message.isRemoved = true;
    const { id: messageId, body, group, sentAtMs } = message;
    const isFifo = options.kind === "fifo";
    state.dead.add({ id: messageId, body, group: isFifo ? group : undefined, sentAtMs });
    observe({ type: "messageDeadLettered", region, queue, messageId, body, cause: "receives" });
  }
  if (hasDead) state.messages = state.messages.filter((message) => !message.isRemoved);
};

const visibleOf = (state: QueueState, nowMs: number): Message[] =>
  state.messages.filter((message) => message.visibleAtMs <= nowMs);

/** Of each group the run at its front; nothing of a group of which something is in flight. */
const openOfGroups = (state: QueueState, nowMs: number): Message[] => {
  const closed = new Set<string>();
  for (const { group, receipt } of state.messages) if (receipt !== undefined) closed.add(group);
  const open: Message[] = [];
  for (const message of state.messages) {
    if (closed.has(message.group)) continue;
    // What is late holds up what was sent behind it.
    if (message.visibleAtMs > nowMs) closed.add(message.group);
    else open.push(message);
  }
  return open;
};
