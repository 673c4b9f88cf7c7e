import { assert } from "../../domain/assert.ts";
import { TerminalError } from "../../domain/fault.ts";
import type { OutgoingMessage } from "../../ports/message-queue.ts";

/** How a queue behaves; the defaults of the deployed queues are the stack's to state. */
export type QueueOptions = {
  readonly kind: "standard" | "fifo";
  /** How long a received message stays invisible, milliseconds. */
  readonly visibilityTimeoutMs: number;
  /** Deliveries of one message before it goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
};

/** Messages that one `receive` returns at most, on every queue. */
export const RECEIVE_MAX = 10;

/** How long a FIFO queue remembers deduplication ids. */
export const DEDUPLICATION_MS = 5 * 60_000;

const BODY_BYTES_MAX = 256 * 1024;

/**
 * Checks messages before any of them is sent: a body over 256 KiB is a `TerminalError`; a FIFO
 * message without group or deduplication id, or a standard one with either, is a bug.
 */
export const checkMessages = (
  kind: QueueOptions["kind"],
  messages: readonly OutgoingMessage[],
): void => {
  for (const { body, group, deduplicationId } of messages) {
    if (kind === "fifo") {
      assert(
        group !== undefined && deduplicationId !== undefined,
        "A message of a FIFO queue has a group and a deduplication id.",
      );
    } else {
      assert(
        group === undefined && deduplicationId === undefined,
        "A message of a standard queue has neither group nor deduplication id.",
      );
    }
    // A UTF-16 unit takes at most three bytes, so that short bodies need no counting.
    if (body.length * 3 <= BODY_BYTES_MAX) continue;
    const bytes = Buffer.byteLength(body);
    if (bytes > BODY_BYTES_MAX) {
      throw new TerminalError(
        `A message of ${bytes} bytes is larger than the ${BODY_BYTES_MAX} that a queue takes.`,
      );
    }
  }
};
