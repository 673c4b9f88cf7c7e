import { expect } from "vitest";
import type { QueueOptions } from "../../shared/adapters/stored/message.ts";
import type { ReceivedMessage } from "../../shared/ports/message-queue.ts";

type Tracked = {
  readonly index: number;
  readonly group: string;
  state: "waiting" | "inFlight" | "removed" | "dead";
  receiveCount: number;
  receipt: string;
  visibleAtMs: number;
};

/** Watches a queue from outside and fails where it does what no queue may do. */
export type QueueObserver = {
  readonly kind: QueueOptions["kind"];
  /** Notes a message that is about to be sent, and returns its number. */
  readonly sent: (group: string) => number;
  readonly received: (batch: readonly ReceivedMessage[], limit: number, nowMs: number) => void;
  readonly remove: (receipt: string) => void;
  /** Notes a release; `againAtMs` is when the message is to be visible, absent for at once. */
  readonly release: (receipt: string, againAtMs?: number) => void;
  /** The receipt of one of the messages in flight, if there is any. */
  readonly receiptAt: (index: number, nowMs: number) => string | undefined;
  readonly deadCount: () => number;
  readonly expectNothingLost: () => void;
};

/** Starts to watch an empty queue. */
export const observeQueue = (options: QueueOptions): QueueObserver => {
  const all: Tracked[] = [];
  const isFifo = options.kind === "fifo";
  const putBack = (message: Tracked): void => {
    message.state = message.receiveCount >= options.maxReceiveCount ? "dead" : "waiting";
  };
  const settle = (nowMs: number): void => {
    for (const message of inFlight()) if (message.visibleAtMs <= nowMs) putBack(message);
  };
  const inFlight = (): readonly Tracked[] => all.filter(({ state }) => state === "inFlight");
  const byReceipt = (receipt: string): Tracked | undefined =>
    inFlight().find((message) => message.receipt === receipt);
  const eligible = (): readonly Tracked[] => {
    const locked = new Set(isFifo ? inFlight().map(({ group }) => group) : []);
    return all.filter(({ state, group }) => state === "waiting" && !locked.has(group));
  };
  return {
    kind: options.kind,
    sent: (group) => {
      const index = all.length;
      all.push({ index, group, state: "waiting", receiveCount: 0, receipt: "", visibleAtMs: 0 });
      return index;
    },
    received: (batch, limit, nowMs) => {
      settle(nowMs);
      const before = eligible();
      expect(batch.length).toBeLessThanOrEqual(limit);
      if (before.length > 0) expect(batch.length).toBeGreaterThan(0);
      const taken = new Set<Tracked>();
      for (const received of batch) {
        const { index } = JSON.parse(received.body) as { index: number };
        const message = before.find((one) => one.index === index);
        if (message === undefined) throw new Error(`Message ${index} must not be received now.`);
        expect(taken.has(message)).toBe(false);
        const ahead = before.filter((one) => one.group === message.group && one.index < index);
        if (isFifo) expect(ahead.every((one) => taken.has(one))).toBe(true);
        taken.add(message);
        message.receiveCount += 1;
        message.state = "inFlight";
        message.receipt = received.receipt;
        message.visibleAtMs = nowMs + options.visibilityTimeoutMs;
        expect(received.receiveCount).toBe(message.receiveCount);
        expect(received.group).toBe(isFifo ? message.group : undefined);
      }
    },
    remove: (receipt) => {
      const message = byReceipt(receipt);
      if (message !== undefined) message.state = "removed";
    },
    release: (receipt, againAtMs) => {
      const message = byReceipt(receipt);
      if (message === undefined) return;
      if (againAtMs === undefined) putBack(message);
      else message.visibleAtMs = againAtMs;
    },
    receiptAt: (index, nowMs) => {
      settle(nowMs);
      const candidates = inFlight();
      return candidates[index % Math.max(1, candidates.length)]?.receipt;
    },
    deadCount: () => all.filter(({ state }) => state === "dead").length,
    expectNothingLost: () => {
      const open = all.filter(({ state }) => state === "waiting" || state === "inFlight");
      expect(open).toEqual([]);
    },
  };
};
