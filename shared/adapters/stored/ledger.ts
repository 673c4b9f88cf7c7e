import { assert } from "../../domain/assert.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { ClientOrderId } from "../../domain/orders/client-order-id.ts";
import { type Order, orderFromEvents } from "../../domain/orders/order.ts";
import type { OrderEvent } from "../../domain/orders/order-event.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { ControlCell } from "../../domain/risk/control-cell.ts";
import type { EventConflict, Ledger, LedgerCorrupt, LedgerFault } from "../../ports/ledger.ts";
import { ControlCellCodec } from "./codecs/control-cell.ts";
import { rawToDamage } from "./damaged-cell.ts";
import { textToDocument } from "./document.ts";
import { createHeads, headBefore, type History, readHistory, sealEvents } from "./history.ts";
import type { Item, ItemKey, ItemStore } from "./item-store.ts";
import { listSession } from "./list-session.ts";
import { cellMigrations } from "./migrations.ts";
import { EVENTS_MAX, eventsKey, itemsOf, ordersPartition } from "./order-items.ts";
import { type DocumentKind, isOfNewerSchema, openSealedItem, sealDocument } from "./sealed-item.ts";
import { unlessUnavailable } from "./unless-unavailable.ts";

const CELL: DocumentKind<ControlCell> = {
  schemaVersion: 3,
  codec: ControlCellCodec,
  migrations: cellMigrations,
};

/**
 * The ledger on an item store: the cell is one item, and so is each appended run of events. All are
 * sealed with a checksum, and the items of an order form a chain. An item that is too large is a
 * `TerminalError`, and nothing is stored.
 */
export const createStoredLedger = (store: ItemStore): Ledger => ({
  ...createCells(store),
  ...createHistories(store),
});

type Cells = Pick<Ledger, "loadCell" | "saveCell" | "readDamagedCell" | "replaceDamagedCell">;

const createCells = (store: ItemStore): Cells => ({
  loadCell: (account) =>
    unlessUnavailable(async () => {
      const item = await store.get(cellKey(account));
      return item === undefined ? ok(undefined) : readCell(store, item);
    }),
  saveCell: (next, expected) =>
    unlessUnavailable(async () => {
      assert(next.version === expected.version + 1, "A cell's version rises by one.");
      const isFirst = expected.version === 0 && expected.epoch === 0;
      const stored = await store.put(
        cellItem(store, next),
        isFirst ? { type: "absent" } : { type: "revisionIs", revision: expected },
      );
      if (stored.ok) return stored;
      const { current } = stored.error;
      if (current === undefined) return err({ type: "CellConflict", current });
      const cell = readCell(store, current);
      return cell.ok ? err({ type: "CellConflict", current: cell.value }) : cell;
    }),
  readDamagedCell: (account) =>
    unlessUnavailable(async () => {
      const raw = await store.getRaw(cellKey(account));
      if (raw === undefined) return ok(undefined);
      const { text, version, epoch } = raw;
      const item: Item = {
        ...cellKey(account),
        document: text === null ? undefined : textToDocument(text),
        ...(version === null || epoch === null ? {} : { revision: { version, epoch } }),
      };
      const cell = readCell(store, item);
      if (cell.ok) return ok("whole");
      return cell.error.type === "LedgerCorrupt" ? ok(rawToDamage(raw)) : err(cell.error);
    }),
  replaceDamagedCell: (next, damaged) =>
    unlessUnavailable(async () => {
      const stored = await store.put(
        cellItem(store, next),
        damaged === undefined ? { type: "absent" } : { type: "rawIs", raw: damaged },
      );
      return stored.ok ? stored : err({ type: "DamageGone" });
    }),
});

const createHistories = (store: ItemStore): Omit<Ledger, keyof Cells> => {
  const { isTrusted } = store;
  const heads = createHeads();
  const load = async (clientOrderId: ClientOrderId): Promise<Result<History, LedgerCorrupt>> => {
    const history = readHistory(await itemsOf(store, clientOrderId), isTrusted);
    if (history.ok) heads.set(clientOrderId, history.value.events.length, history.value.head);
    return history;
  };
  return {
    appendEvents: (clientOrderId, sequence, events) =>
      unlessUnavailable(async () => {
        assert(events.length > 0, "What is appended to an order holds an event.");
        assert(sequence + events.length <= EVENTS_MAX, "An order has at most 10,000 events.");
        const key = eventsKey(clientOrderId, sequence);
        const known = heads.get(clientOrderId, sequence);
        const before =
          known === undefined
            ? headBefore(await itemsOf(store, clientOrderId), isTrusted, key, sequence)
            : ok(known);
        if (!before.ok) return before;
        const sealed = isTrusted ? undefined : sealEvents(key, events, before.value);
        const stored = await putRun(store, { ...key, document: sealed ?? events });
        if (stored.ok) heads.set(clientOrderId, sequence + events.length, sealed?.digest ?? null);
        return stored;
      }),
    loadOrder: (clientOrderId) =>
      unlessUnavailable(async () => {
        const history = await load(clientOrderId);
        return history.ok ? foldOrder(clientOrderId, history.value.events) : history;
      }),
    loadEvents: (clientOrderId) =>
      unlessUnavailable(async () => {
        const history = await load(clientOrderId);
        return history.ok ? ok(history.value.events) : history;
      }),
    listOrders: (account, sessionDate, limit) =>
      unlessUnavailable(async () => {
        const partition = ordersPartition(account, sessionDate.replaceAll("-", ""));
        const groups = await listSession(store, partition, limit);
        const orders: Order[] = [];
        for (const items of groups) {
          const history = readHistory(items, isTrusted);
          if (!history.ok) return history;
          const order = foldOrder(items[0]?.sort ?? partition, history.value.events);
          if (!order.ok) return order;
          if (order.value !== undefined) orders.push(order.value);
        }
        return ok(orders.toSorted(byNewestDecision).slice(0, limit));
      }),
  };
};

/** Stores a run of events if its number is free. */
const putRun = async (store: ItemStore, item: Item): Promise<Result<void, EventConflict>> => {
  const stored = await store.put(item, { type: "absent" });
  if (stored.ok) return stored;
  // A write that was repeated after a lost answer meets itself here: that is success.
  const { current } = stored.error;
  const isOurs =
    current !== undefined && canonicalJson(current.document) === canonicalJson(item.document);
  return isOurs ? ok(undefined) : err({ type: "EventConflict" });
};

const cellKey = (account: string): ItemKey => ({ partition: `cell#${account}`, sort: "cell" });

const cellItem = (store: ItemStore, cell: ControlCell): Item => {
  const key = cellKey(cell.account);
  const revision = { version: cell.version, epoch: cell.epoch };
  const document = store.isTrusted ? cell : sealDocument(key, cell, CELL.schemaVersion);
  return { ...key, document, revision };
};

const foldOrder = (
  key: string,
  events: readonly OrderEvent[],
): Result<Order | undefined, LedgerCorrupt> => {
  const order = orderFromEvents(events);
  if (order.ok) return order;
  const { from, event } = order.error;
  return err({
    type: "LedgerCorrupt",
    key,
    detail: `The history goes from ${from} by ${event}, which no order can.`,
  });
};

const byNewestDecision = (left: Order, right: Order): number =>
  right.intent.decidedAtMs - left.intent.decidedAtMs ||
  (left.intent.clientOrderId < right.intent.clientOrderId ? 1 : -1);

const readCell = (store: ItemStore, item: Item): Result<ControlCell, LedgerFault> => {
  const cell = openCell(store, item);
  if (!cell.ok && isOfNewerSchema(item, CELL.schemaVersion)) {
    // A newer deployment is at work: what it wrote is not to be repaired by an older one.
    return err({ type: "LedgerUnavailable", detail: "A newer Holdfast wrote the cell." });
  }
  if (!cell.ok) return corrupt(item, cell.error);
  const { version, epoch, account } = cell.value;
  // The store compares the attributes, we trust the content: they must say the same.
  if (item.revision?.version !== version || item.revision.epoch !== epoch) {
    return corrupt(item, "The content's version or epoch is not the one it is stored under.");
  }
  return item.partition === cellKey(account).partition
    ? cell
    : corrupt(item, "The cell belongs to another account.");
};

const openCell = (store: ItemStore, item: Item): Result<ControlCell, string> => {
  // What a trusted store holds is the very object that was put there, so its type still holds.
  if (store.isTrusted) return ok(item.document as ControlCell);
  const opened = openSealedItem(item, CELL);
  return opened.ok ? ok(opened.value.body) : opened;
};

const corrupt = (item: Item, detail: string): Result<never, LedgerCorrupt> =>
  err({ type: "LedgerCorrupt", key: `${item.partition}/${item.sort}`, detail });
