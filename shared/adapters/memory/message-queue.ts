import type { Clock } from "../../ports/clock.ts";
import type { MessageQueue, OutgoingMessage, ReceivedMessage } from "../../ports/message-queue.ts";
import {
  checkMessages,
  DEDUPLICATION_MS,
  type QueueOptions,
  RECEIVE_MAX,
} from "../stored/message.ts";

type StoredMessage = {
  readonly id: string;
  /** The order of arrival. */
  readonly sequence: number;
  readonly body: string;
  readonly group: string | undefined;
  readonly sentAtMs: number;
  receiveCount: number;
};

/** A standard queue is one group that never locks. */
type Group = { readonly waiting: StoredMessage[]; inFlight: number };

type InFlight = { readonly message: StoredMessage; readonly visibleAtMs: number };

type QueueState = {
  readonly options: QueueOptions;
  readonly groups: Map<string, Group>;
  readonly inFlight: Map<string, InFlight>;
  /** Deduplication ids and when they were first sent, oldest first. */
  readonly sentIds: Map<string, number>;
  /** The dead-letter queue, which gives up nothing itself. */
  readonly dead: QueueState | undefined;
  sent: number;
  received: number;
};

/** A queue in memory that behaves as SQS does, with its dead letters as a queue of their own. */
export const createMemoryQueue = (
  options: QueueOptions,
  clock: Clock,
): MessageQueue & { readonly deadLetters: MessageQueue } => {
  const dead = createState({ ...options, maxReceiveCount: Infinity }, undefined);
  const deadLetters = openQueue(dead, clock);
  return { ...openQueue(createState(options, dead), clock), deadLetters };
};

const createState = (options: QueueOptions, dead: QueueState | undefined): QueueState => ({
  options,
  groups: new Map(),
  inFlight: new Map(),
  sentIds: new Map(),
  dead,
  sent: 0,
  received: 0,
});

const openQueue = (state: QueueState, clock: Clock): MessageQueue => {
  const { options } = state;
  return {
    send: async (messages) => {
      checkMessages(options.kind, messages);
      for (const message of messages) enqueue(state, message, clock.nowMs());
    },
    receive: async (limit) => {
      settleInFlight(state, clock.nowMs());
      return take(state, Math.min(limit, RECEIVE_MAX), clock.nowMs());
    },
    remove: async (receipt) => {
      endFlight(state, receipt);
    },
    release: async (receipt, afterMs = 0) => {
      settleInFlight(state, clock.nowMs());
      const flight = state.inFlight.get(receipt);
      if (afterMs > 0 && flight !== undefined) {
        state.inFlight.set(receipt, { ...flight, visibleAtMs: clock.nowMs() + afterMs });
        return;
      }
      const message = endFlight(state, receipt);
      if (message !== undefined) putBack(state, message);
    },
    depth: async () => {
      settleInFlight(state, clock.nowMs());
      const dead = state.dead === undefined ? 0 : countHeld(state.dead);
      const inFlight = state.inFlight.size;
      return { waiting: countHeld(state) - inFlight, inFlight, dead };
    },
  };
};

/** Messages that wait or are in flight. */
const countHeld = ({ groups, inFlight }: QueueState): number => {
  let held = inFlight.size;
  for (const group of groups.values()) held += group.waiting.length;
  return held;
};

const enqueue = (state: QueueState, message: OutgoingMessage, nowMs: number): void => {
  if (message.deduplicationId !== undefined) {
    forgetOldIds(state.sentIds, nowMs);
    if (state.sentIds.has(message.deduplicationId)) return;
    state.sentIds.set(message.deduplicationId, nowMs);
  }
  state.sent += 1;
  groupOf(state, message.group).waiting.push({
    id: `message-${state.sent}`,
    sequence: state.sent,
    body: message.body,
    group: message.group,
    sentAtMs: nowMs,
    receiveCount: 0,
  });
};

/** Ids are kept in the order they were sent, so that the old ones stand in front. */
const forgetOldIds = (sentIds: Map<string, number>, nowMs: number): void => {
  for (const [id, sentAtMs] of sentIds) {
    if (nowMs - sentAtMs < DEDUPLICATION_MS) return;
    sentIds.delete(id);
  }
};

const take = (state: QueueState, limit: number, nowMs: number): readonly ReceivedMessage[] => {
  const taken: ReceivedMessage[] = [];
  const isOpen = (group: Group): boolean =>
    group.waiting.length > 0 && (state.options.kind === "standard" || group.inFlight === 0);
  // Each open group has a message at least, so that no more of them than messages are needed.
  const open: (readonly [string, Group])[] = [];
  for (const entry of state.groups) {
    if (isOpen(entry[1])) open.push(entry);
    if (open.length >= limit) break;
  }
  for (const [name, group] of open) {
    if (taken.length >= limit) break;
    for (const message of group.waiting.splice(0, limit - taken.length)) {
      state.received += 1;
      message.receiveCount += 1;
      const receipt = `receipt-${state.received}`;
      const visibleAtMs = nowMs + state.options.visibilityTimeoutMs;
      state.inFlight.set(receipt, { message, visibleAtMs });
      group.inFlight += 1;
      const { id, body, group: messageGroup, receiveCount, sentAtMs } = message;
      taken.push({ id, receipt, body, group: messageGroup, receiveCount, sentAtMs });
    }
    // Behind the others next time, so that no group starves.
    state.groups.delete(name);
    state.groups.set(name, group);
  }
  return taken;
};

/** Puts back whatever was in flight for too long, in the order it was sent. */
const settleInFlight = (state: QueueState, nowMs: number): void => {
  for (const [receipt, { visibleAtMs }] of state.inFlight) {
    if (visibleAtMs > nowMs) continue;
    const message = endFlight(state, receipt);
    if (message !== undefined) putBack(state, message);
  }
};

/** Ends a delivery; an old receipt names none and changes nothing. */
const endFlight = (state: QueueState, receipt: string): StoredMessage | undefined => {
  const flight = state.inFlight.get(receipt);
  if (flight === undefined) return undefined;
  state.inFlight.delete(receipt);
  const name = flight.message.group ?? "";
  const group = groupOf(state, flight.message.group);
  group.inFlight -= 1;
  if (group.inFlight === 0 && group.waiting.length === 0) state.groups.delete(name);
  return flight.message;
};

/** Makes a message visible again in its old place, or a dead letter after enough deliveries. */
const putBack = (state: QueueState, message: StoredMessage): void => {
  if (state.dead !== undefined && message.receiveCount >= state.options.maxReceiveCount) {
    state.dead.sent += 1;
    const sequence = state.dead.sent;
    groupOf(state.dead, message.group).waiting.push({ ...message, sequence });
    return;
  }
  const { waiting } = groupOf(state, message.group);
  const behind = waiting.findIndex((other) => other.sequence > message.sequence);
  waiting.splice(behind === -1 ? waiting.length : behind, 0, message);
};

const groupOf = (state: QueueState, name: string | undefined): Group => {
  const known = state.groups.get(name ?? "");
  if (known !== undefined) return known;
  const group: Group = { waiting: [], inFlight: 0 };
  state.groups.set(name ?? "", group);
  return group;
};
