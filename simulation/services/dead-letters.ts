import { RECEIVE_MAX } from "../../shared/adapters/stored/message.ts";
import type { ReceivedMessage } from "../../shared/ports/message-queue.ts";

/** A message that was given up. */
export type DeadLetter = Pick<ReceivedMessage, "id" | "body" | "group" | "sentAtMs">;

/** The dead-letter queue of a queue; nothing in it is ever given up once more. */
export type DeadLetters = {
  readonly add: (letter: DeadLetter) => void;
  /** Oldest first; invisible for a while afterwards. */
  readonly receive: (limit: number, nowMs: number) => readonly ReceivedMessage[];
  /** The letter that was removed; `undefined` where the receipt is not its newest. */
  readonly remove: (receipt: string) => DeadLetter | undefined;
  readonly release: (receipt: string) => void;
  readonly size: () => number;
};

type Kept = DeadLetter & {
  visibleAtMs: number;
  receiveCount: number;
  receipt: string | undefined;
};

/** An empty one; a letter stays invisible for `visibilityMs` after it was received. */
export const createDeadLetters = (visibilityMs: number): DeadLetters => {
  let letters: Kept[] = [];
  return {
    add: (letter) => {
      letters.push({ ...letter, visibleAtMs: -Infinity, receiveCount: 0, receipt: undefined });
    },
    receive: (limit, nowMs) =>
      letters
        .filter(({ visibleAtMs }) => visibleAtMs <= nowMs)
        .slice(0, Math.min(limit, RECEIVE_MAX))
        .map((letter) => {
          letter.receiveCount += 1;
          letter.visibleAtMs = nowMs + visibilityMs;
          letter.receipt = `${letter.id}-dead-${letter.receiveCount}`;
          const { id, receipt, body, group, receiveCount, sentAtMs } = letter;
          return { id, receipt, body, group, receiveCount, sentAtMs };
        }),
    remove: (receipt) => {
      const removed = letters.find((letter) => letter.receipt === receipt);
      letters = letters.filter((letter) => letter !== removed);
      return removed;
    },
    release: (receipt) => {
      const letter = letters.find((each) => each.receipt === receipt);
      if (letter !== undefined) letter.visibleAtMs = -Infinity;
    },
    size: () => letters.length,
  };
};
