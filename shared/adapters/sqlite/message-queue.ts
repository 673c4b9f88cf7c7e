import * as z from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { MessageQueue, OutgoingMessage, ReceivedMessage } from "../../ports/message-queue.ts";
import {
  checkMessages,
  DEDUPLICATION_MS,
  type QueueOptions,
  RECEIVE_MAX,
} from "../stored/message.ts";
import type { Database } from "./database.ts";

/** A queue of a database, which tells its queues apart by name. */
export type SqliteQueueOptions = QueueOptions & { readonly name: string };

const Row = z.object({
  sequence: z.int(),
  message_group: z.string().nullable(),
  body: z.string(),
  sent_at_ms: z.int(),
  receive_count: z.int(),
});

const DepthRow = z.object({ waiting: z.int(), inFlight: z.int(), dead: z.int() });

/**
 * A queue in a SQLite database that behaves as SQS does, with its dead letters as a queue of their
 * own. It outlives the process: what was in flight at a crash is visible again when its time is
 * over.
 */
export const createSqliteQueue = (
  database: Database,
  options: SqliteQueueOptions,
  clock: Clock,
): MessageQueue & { readonly deadLetters: MessageQueue } => {
  const dead = { ...options, name: deadNameOf(options), maxReceiveCount: Infinity };
  return {
    ...openQueue(database, options, clock),
    deadLetters: openQueue(database, dead, clock),
  };
};

const deadNameOf = ({ name }: SqliteQueueOptions): string => `${name}.dead-letters`;

const openQueue = (database: Database, options: SqliteQueueOptions, clock: Clock): MessageQueue => {
  const nowMs = (): number => Math.floor(clock.nowMs());
  return {
    send: async (messages) => {
      checkMessages(options.kind, messages);
      database.transaction(() => {
        for (const message of messages) insert(database, options.name, message, nowMs());
      });
    },
    receive: async (limit) =>
      database.transaction(() => {
        buryDead(database, options, nowMs());
        const rows = selectVisible(database, options, Math.min(limit, RECEIVE_MAX), nowMs());
        return rows.map((row) => startFlight(database, options, Row.parse(row), nowMs()));
      }),
    remove: async (receipt) => {
      database.transaction(() =>
        database
          .statement("DELETE FROM messages WHERE queue = ? AND receipt = ?")
          .run(options.name, receipt),
      );
    },
    release: async (receipt, afterMs = 0) => {
      database.transaction(() => {
        if (afterMs > 0) {
          hideFor(database, options, receipt, nowMs(), afterMs);
          return;
        }
        database
          .statement(
            "UPDATE messages SET visible_at_ms = 0, receipt = NULL WHERE queue = ? AND receipt = ?",
          )
          .run(options.name, receipt);
        buryDead(database, options, nowMs());
      });
    },
    depth: async () =>
      database.transaction(() => {
        buryDead(database, options, nowMs());
        const row = database
          .statement(
            `SELECT coalesce(sum(queue = ?2 AND visible_at_ms <= ?1), 0) AS waiting,
                    coalesce(sum(queue = ?2 AND visible_at_ms > ?1), 0) AS inFlight,
                    coalesce(sum(queue = ?3), 0) AS dead
             FROM messages WHERE queue IN (?2, ?3)`,
          )
          .get(nowMs(), options.name, deadNameOf(options));
        return DepthRow.parse(row);
      }),
  };
};

const insert = (
  database: Database,
  queue: string,
  message: OutgoingMessage,
  nowMs: number,
): void => {
  if (message.deduplicationId !== undefined) {
    database
      .statement("DELETE FROM sent_ids WHERE queue = ? AND sent_at_ms <= ?")
      .run(queue, nowMs - DEDUPLICATION_MS);
    const { changes } = database
      .statement("INSERT OR IGNORE INTO sent_ids VALUES (?, ?, ?)")
      .run(queue, message.deduplicationId, nowMs);
    if (Number(changes) === 0) return;
  }
  database
    .statement("INSERT INTO messages (queue, message_group, body, sent_at_ms) VALUES (?, ?, ?, ?)")
    .run(queue, message.group ?? null, message.body, nowMs);
};

/** Sets when a message in flight is visible again; one that is not in flight stays as it is. */
const hideFor = (
  database: Database,
  { name }: SqliteQueueOptions,
  receipt: string,
  nowMs: number,
  afterMs: number,
): void => {
  database
    .statement(
      `UPDATE messages SET visible_at_ms = ?
       WHERE queue = ? AND receipt = ? AND visible_at_ms > ?`,
    )
    .run(nowMs + Math.ceil(afterMs), name, receipt, nowMs);
};

/** Moves what was delivered often enough, and is not in flight any more, to the dead letters. */
const buryDead = (database: Database, options: SqliteQueueOptions, nowMs: number): void => {
  database
    .statement(
      `UPDATE messages SET queue = ?, receipt = NULL
       WHERE queue = ? AND receive_count >= ? AND visible_at_ms <= ?`,
    )
    .run(deadNameOf(options), options.name, options.maxReceiveCount, nowMs);
};

/** The oldest visible messages; of a FIFO queue none whose group has a message in flight. */
const selectVisible = (
  database: Database,
  options: SqliteQueueOptions,
  limit: number,
  nowMs: number,
): readonly unknown[] => {
  const unlocked =
    options.kind === "standard"
      ? ""
      : `AND NOT EXISTS (SELECT 1 FROM messages AS other
           WHERE other.queue = message.queue
             AND other.message_group = message.message_group AND other.visible_at_ms > ?2)`;
  return database
    .statement(
      `SELECT sequence, message_group, body, sent_at_ms, receive_count FROM messages AS message
       WHERE queue = ?1 AND visible_at_ms <= ?2 ${unlocked}
       ORDER BY sequence LIMIT ?3`,
    )
    .all(options.name, nowMs, limit);
};

const startFlight = (
  database: Database,
  options: SqliteQueueOptions,
  row: z.output<typeof Row>,
  nowMs: number,
): ReceivedMessage => {
  const receiveCount = row.receive_count + 1;
  const id = `message-${row.sequence}`;
  // A new receipt for each delivery, so that a late worker cannot end a later one.
  const receipt = `${id}-${receiveCount}`;
  database
    .statement(
      "UPDATE messages SET receive_count = ?, receipt = ?, visible_at_ms = ? WHERE sequence = ?",
    )
    .run(receiveCount, receipt, nowMs + options.visibilityTimeoutMs, row.sequence);
  return {
    id,
    receipt,
    body: row.body,
    group: row.message_group ?? undefined,
    receiveCount,
    sentAtMs: row.sent_at_ms,
  };
};
