import * as z from "zod";
import type { OrderEvent } from "../../domain/orders/order-event.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { EventConflict, LedgerCorrupt } from "../../ports/ledger.ts";
import { OrderEventCodec } from "./codecs/order-event.ts";
import type { Item, ItemKey } from "./item-store.ts";
import { eventsMigrations } from "./migrations.ts";
import {
  type DocumentKind,
  openSealedItem,
  sealDocument,
  type SealedDocument,
} from "./sealed-item.ts";

/** What five digits can sort. */
const SEQUENCE_DIGITS = 5;
/** The first schema whose items name the digest of the one before them. */
const CHAINED_SINCE = 4;
/** More than an environment has under way at once, and twice as many; one forgotten is read again. */
const HEADS_MAX = 1_000;

const EVENTS: DocumentKind<OrderEvent[]> = {
  schemaVersion: 4,
  codec: z.array(OrderEventCodec).min(1),
  migrations: eventsMigrations,
};

/** The events of an order as they are stored, and the digest that the next item has to name. */
export type History = {
  readonly events: readonly OrderEvent[];
  /** Null where nothing is stored yet: the beginning of every chain. */
  readonly head: string | null;
};

/** The number of an item's first event, as its key ends with it. */
export const sequenceToText = (sequence: number): string =>
  sequence.toString().padStart(SEQUENCE_DIGITS, "0");

/** Seals a run of events behind what the history holds already. */
export const sealEvents = (
  key: ItemKey,
  events: readonly OrderEvent[],
  head: string | null,
): SealedDocument => sealDocument(key, events, EVENTS.schemaVersion, head);

/**
 * Reads an order's items, oldest first: each is whole, begins where the last one ended, and names
 * the digest of the one before it, so that none was changed, lost, exchanged or put between, even
 * under a seal of its own that holds. Items of older schemas name nothing; once one does, all that
 * follow do. A trusted store has the very events that it was given, and no seals.
 */
export const readHistory = (
  items: readonly Item[],
  isTrusted: boolean,
): Result<History, LedgerCorrupt> => {
  const events: OrderEvent[] = [];
  let head: string | null = null;
  let isChained = false;
  for (const item of items) {
    if (Number(item.sort.slice(-SEQUENCE_DIGITS)) !== events.length) {
      return corrupt(item, `Event ${events.length} is missing or stored twice.`);
    }
    if (isTrusted) {
      events.push(...(item.document as readonly OrderEvent[]));
      continue;
    }
    const run = openSealedItem(item, EVENTS);
    if (!run.ok) return corrupt(item, run.error);
    const { schemaVersion, previous, digest, body } = run.value;
    isChained ||= schemaVersion >= CHAINED_SINCE;
    if (isChained && previous !== head) {
      return corrupt(item, `What stands before event ${events.length} is not what stood there.`);
    }
    events.push(...body);
    head = digest;
  }
  return ok({ events, head });
};

/** The digest behind which event `sequence` is to be written, from the items that are stored. */
export const headBefore = (
  items: readonly Item[],
  isTrusted: boolean,
  key: ItemKey,
  sequence: number,
): Result<string | null, LedgerCorrupt | EventConflict> => {
  const history = readHistory(
    items.filter((item) => item.sort < key.sort),
    isTrusted,
  );
  if (!history.ok) return history;
  const { events, head } = history.value;
  if (events.length > sequence) return err({ type: "EventConflict" });
  return events.length === sequence
    ? ok(head)
    : corrupt(key, `Event ${events.length} is missing, so that ${sequence} cannot follow.`);
};

/**
 * The digests that histories read or written here end with, by order and number of the next event:
 * whoever appends has read or written what stands before, and need not read it again. What is
 * stored never changes, so that what is remembered stays right.
 */
export const createHeads = (): {
  readonly get: (clientOrderId: string, sequence: number) => string | null | undefined;
  readonly set: (clientOrderId: string, sequence: number, head: string | null) => void;
} => {
  // Two halves: to forget one by one would look for the oldest among all that are forgotten.
  let newer = new Map<string, string | null>();
  let older: ReadonlyMap<string, string | null> = new Map();
  return {
    get: (clientOrderId, sequence) => {
      if (sequence === 0) return null;
      const name = `${clientOrderId}#${sequence}`;
      const head = newer.get(name);
      return head === undefined ? older.get(name) : head;
    },
    set: (clientOrderId, sequence, head) => {
      newer.set(`${clientOrderId}#${sequence}`, head);
      if (newer.size < HEADS_MAX) return;
      [older, newer] = [newer, new Map()];
    },
  };
};

const corrupt = (key: ItemKey, detail: string): Result<never, LedgerCorrupt> =>
  err({ type: "LedgerCorrupt", key: `${key.partition}/${key.sort}`, detail });
