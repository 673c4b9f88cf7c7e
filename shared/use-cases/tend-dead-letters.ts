import {
  classifyDeadLetter,
  type DeadLetterVerdict,
} from "../domain/dead-letters/classify-dead-letter.ts";
import {
  type DeadContent,
  TENDED_QUEUES,
  type TendedQueue,
} from "../domain/dead-letters/dead-letter.ts";
import { RetryableError } from "../domain/fault.ts";
import { groupOf } from "../domain/orders/message-group.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Archive } from "../ports/archive.ts";
import type { AuditTrail } from "../ports/audit-trail.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { MessageEnvelope } from "../ports/message-envelope.ts";
import type { MessageQueue, MessageSender, ReceivedMessage } from "../ports/message-queue.ts";
import { noteAudit } from "./audit/note-audit.ts";
import { alertOfDeadLetters } from "./dead-letter-alerts.ts";

/** A queue's dead letters, and the queue that they go back to. */
export type TendedDoor = {
  readonly dead: Pick<MessageQueue, "receive" | "remove" | "release">;
  readonly live: MessageSender;
};

/** What is wished: the schedule tends, operators look, bring back, or put one aside. */
export type DeadLetterWish =
  | { readonly type: "tend" }
  | { readonly type: "look" }
  | { readonly type: "redrive" }
  | {
      readonly type: "quarantine";
      readonly id: string;
      readonly reason: string;
      /** The principal who asks. */
      readonly by: string;
    };

/** A dead letter and what became of it; for one who looks, what would. */
export type LetterTended = {
  readonly queue: TendedQueue;
  readonly id: string;
  /** The order's id or the cycle's; empty where nothing could be read. */
  readonly about: string;
  readonly verdict: DeadLetterVerdict["type"];
  readonly reason: string;
  readonly redrives: number;
  readonly sentAtMs: number;
};

/** What was found and done. */
export type DeadLettersTended = {
  readonly letters: readonly LetterTended[];
  /** Whether there may be more than were looked at. */
  readonly isMore: boolean;
};

/** Tends the dead letters of every queue. */
export type TendDeadLetters = (
  wish: DeadLetterWish,
  deadline: { readonly remainingMs: () => number },
) => Promise<DeadLettersTended>;

/** What tending needs. */
export type TendDeadLettersDeps = {
  /** Absent in a world whose queues cannot be read. */
  readonly doors?: Readonly<Record<TendedQueue, TendedDoor>> | undefined;
  /** Takes a message's text apart; what it cannot read is content of its own kind. */
  readonly readDead: (queue: TendedQueue, text: string, sentAtMs: number) => ReadDead;
  readonly ledger: Pick<Ledger, "loadCell" | "loadOrder">;
  readonly archive: Pick<Archive, "write">;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "validation" | "mode" | "region" | "account">;
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined;
};

/** A message's text, taken apart. */
export type ReadDead = { readonly envelope: MessageEnvelope; readonly content: DeadContent };

const REDRIVES_MAX = 3;
const BACK_OFF_MS = 30_000;
/** Letters of one queue in one run; the next run comes within a minute. */
const LETTERS_MAX = 100;
const BATCH = 10;
/** With less than this left no batch is begun. */
const RESERVE_MS = 5_000;

/**
 * Looks at each dead letter once: redrives, drops, quarantines, or leaves it for later. What is
 * dropped or quarantined is in the archive before it leaves its queue, and what is redriven is in
 * its queue before; a crash in between repeats a step that can be repeated. Throws `RetryableError`
 * while a queue, the ledger or the archive does not answer; what was received then comes again.
 */
export const createTendDeadLetters =
  (deps: TendDeadLettersDeps): TendDeadLetters =>
  async (wish, deadline) => {
    const letters: LetterTended[] = [];
    let isMore = false;
    for (const queue of deps.doors === undefined ? [] : TENDED_QUEUES) {
      const door = deps.doors?.[queue];
      if (door === undefined) continue;
      const tended = await tendQueue(deps, { queue, door, wish }, deadline);
      letters.push(...tended.letters);
      isMore ||= tended.isMore;
      const alert = wish.type === "look" ? undefined : alertOfDeadLetters(deps, queue, tended.lost);
      if (alert !== undefined) await deps.alerts.publish(alert);
    }
    return { letters, isMore };
  };

type QueueWish = {
  readonly queue: TendedQueue;
  readonly door: TendedDoor;
  readonly wish: DeadLetterWish;
};

/** A letter that a person has to know of. */
export type LostLetter = { readonly tended: LetterTended; readonly isPositionOpen: boolean };

const tendQueue = async (
  deps: TendDeadLettersDeps,
  asked: QueueWish,
  deadline: { readonly remainingMs: () => number },
): Promise<DeadLettersTended & { readonly lost: readonly LostLetter[] }> => {
  const { dead } = asked.door;
  const letters: LetterTended[] = [];
  const lost: LostLetter[] = [];
  // Put back at the end: at once, the same run would meet them again and again.
  const kept: ReceivedMessage[] = [];
  let isMore = true;
  while (isMore && letters.length < LETTERS_MAX && deadline.remainingMs() > RESERVE_MS) {
    const batch = await dead.receive(Math.min(BATCH, LETTERS_MAX - letters.length));
    isMore = batch.length > 0;
    for (const message of batch) {
      const { tended, isPositionOpen, isKept } = await tendLetter(deps, asked, message);
      letters.push(tended);
      if (isKept) kept.push(message);
      else if (tended.verdict === "quarantine" || isPositionOpen) {
        lost.push({ tended, isPositionOpen });
      }
    }
  }
  for (const { receipt } of kept) await dead.release(receipt);
  return { letters, isMore, lost };
};

const tendLetter = async (
  deps: TendDeadLettersDeps,
  { queue, door, wish }: QueueWish,
  message: ReceivedMessage,
): Promise<{
  readonly tended: LetterTended;
  readonly isPositionOpen: boolean;
  readonly isKept: boolean;
}> => {
  const { id, sentAtMs, receipt } = message;
  const { envelope, content } = deps.readDead(queue, message.body, sentAtMs);
  const { redrives } = envelope;
  const judged = await judge(
    deps,
    { content, redrives, failure: envelope.failure, sentAtMs },
    wish,
  );
  const isOther = wish.type === "quarantine" && wish.id !== id;
  const verdict: DeadLetterVerdict =
    wish.type === "quarantine" && !isOther
      ? { type: "quarantine", reason: `${wish.by}: ${wish.reason}` }
      : judged;
  const reason = reasonOf(verdict);
  const tended = {
    queue,
    id,
    about: aboutOf(content),
    verdict: verdict.type,
    reason,
    redrives,
    sentAtMs,
  };
  const isPositionOpen = verdict.type === "drop" && verdict.isPositionOpen;
  const isKept = wish.type === "look" || isOther || verdict.type === "wait";
  if (isKept) return { tended, isPositionOpen, isKept };
  if (verdict.type === "redrive") await redrive(door.live, message, envelope, content);
  else await keepRecord(deps, tended, message);
  await door.dead.remove(receipt);
  if (verdict.type === "quarantine") {
    const actor = wish.type === "quarantine" && !isOther ? wish.by : "redrive-dead-letters";
    const body = { queue, id, about: tended.about, reason };
    await noteAudit(deps, { kind: "dead-letter", actor, epoch: null, body });
  }
  return { tended, isPositionOpen, isKept };
};

const judge = async (
  { ledger, clock, settings }: TendDeadLettersDeps,
  letter: Parameters<typeof classifyDeadLetter>[0],
  wish: DeadLetterWish,
): Promise<DeadLetterVerdict> => {
  const { content } = letter;
  const known =
    content.type === "intent"
      ? await loadKnown(ledger, content.intent)
      : { order: undefined, cell: undefined };
  return classifyDeadLetter(
    letter,
    { ...known, nowMs: clock.nowMs(), isAsked: wish.type === "redrive" },
    {
      marketDataAgeMaxMs: settings.validation.ageMaxMs,
      redrivesMax: REDRIVES_MAX,
      backOffMs: BACK_OFF_MS,
    },
  );
};

/** What the ledger says; what it does not say is never taken for "nothing". */
const loadKnown = async (ledger: TendDeadLettersDeps["ledger"], intent: OrderIntent) => {
  const [order, cell] = await Promise.all([
    ledger.loadOrder(intent.clientOrderId),
    ledger.loadCell(intent.account),
  ]);
  if (order.ok && cell.ok) return { order: order.value, cell: cell.value };
  throw new RetryableError("The ledger was not read: intents wait in their dead-letter queue.");
};

/** Sends it back into its group; a second copy within five minutes is dropped by its id. */
const redrive = async (
  live: MessageSender,
  message: ReceivedMessage,
  envelope: MessageEnvelope,
  content: DeadContent,
): Promise<void> => {
  const redrives = envelope.redrives + 1;
  const next: MessageEnvelope = { envelope: 1, redrives, content: envelope.content };
  const body = JSON.stringify(next);
  if (message.group === undefined) return live.send([{ body }]);
  const name = content.type === "intent" ? content.intent.clientOrderId : message.id;
  const group = content.type === "intent" ? groupOf(content.intent) : message.group;
  await live.send([{ body, group, deduplicationId: `${name}.redrive-${redrives}` }]);
};

const FOLDERS = { quarantine: "quarantined", drop: "dropped" } as const;

const keepRecord = async (
  { archive, clock, settings }: TendDeadLettersDeps,
  tended: LetterTended,
  { body, group, receiveCount }: ReceivedMessage,
): Promise<void> => {
  const folder = FOLDERS[tended.verdict === "quarantine" ? "quarantine" : "drop"];
  const date = new Date(tended.sentAtMs).toISOString().slice(0, 10);
  const key = `dead-letters/${folder}/${tended.queue}/${date}/${tended.id}.json`;
  const { mode, region } = settings;
  const record = { ...tended, atMs: clock.nowMs(), mode, region, group, receiveCount, body };
  await archive.write(key, JSON.stringify(record));
};

const reasonOf = (verdict: DeadLetterVerdict): string => {
  switch (verdict.type) {
    case "redrive":
      return "";
    case "wait":
      return `Not before ${new Date(verdict.untilMs).toISOString()}.`;
    case "drop":
    case "quarantine":
      return verdict.reason;
  }
};

const aboutOf = (content: DeadContent): string => {
  switch (content.type) {
    case "unreadable":
      return "";
    case "marketData":
      return content.cycleId;
    case "intent":
      return content.intent.clientOrderId;
  }
};
