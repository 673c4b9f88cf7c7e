import type { Prompt } from "../../shared/adapters/memory/at-once.ts";
import { toItemStore } from "../../shared/adapters/memory/item-store.ts";
import type { TableSource } from "../../shared/adapters/backup/own-exports.ts";
import type {
  Item,
  ItemKey,
  ItemStore,
  PutCondition,
} from "../../shared/adapters/stored/item-store.ts";
import type { AuditHead } from "../../shared/domain/audit/audit-head.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Engine } from "../engine/engine.ts";
import { whenAnswered } from "../engine/when-answered.ts";
import type { Actor, FunctionName } from "../observation.ts";
import type { Observe } from "../world/observe.ts";
import { createTable, itemsOf, type Table, whileThere } from "./ledger-table.ts";

/**
 * The ledger's table: strongly consistent, one for all Regions. It sees every write in the one
 * order in which they took effect, and can be read past every fault.
 */
export type LedgerStore = {
  /** The table as an actor writes it; `undefined` is someone who is no function. */
  readonly storeOf: (actorOf: () => Actor | undefined) => ItemStore;
  /** The same for a caller that does not wait for what is there at once. */
  readonly itemsOf: (actorOf: () => Actor | undefined) => Prompt<ItemStore>;
  readonly cell: () => ControlCell | "damaged" | undefined;
  readonly eventsOf: (clientOrderId: string) => readonly OrderEvent[];
  readonly clientOrderIds: () => readonly string[];
  /** Damages the stored cell so that no checksum holds; false where there is none or no checksum. */
  readonly damageCell: () => Promise<boolean>;
  /** The same with the newest events of an order. */
  readonly damageHistory: (clientOrderId: string) => Promise<boolean>;
  /** The table is gone, and none is in its place. */
  readonly isLost: () => boolean;
  /** What the table that is there is exported from; undefined where it is not noted. */
  readonly source: () => TableSource | undefined;
  /** The table is gone, with everything in it; whoever has been given it reaches nothing. */
  readonly lose: () => void;
  /** Puts what a rebuilt table holds into a new one, which is the table from now on. */
  readonly replace: (rebuilt: ItemStore) => Promise<void>;
};

/** How a table is kept. */
export type LedgerStoreOptions = {
  readonly isSealed: boolean;
  readonly account: string;
  /** Notes when each item was written, so that backups can be made; absent: none are. */
  readonly backedUpBy?: Pick<Engine, "nowMs"> | undefined;
};

/**
 * An empty table. `isSealed` stores what the cloud stores, under checksums; without it objects are
 * kept as they are, which is ten times as fast and cannot be damaged.
 */
export const createLedgerStore = (
  observe: Observe,
  { isSealed, account, backedUpBy }: LedgerStoreOptions,
): LedgerStore => {
  let table = createTable(backedUpBy, 1);
  const partitions = new Set<string>();
  const histories = createHistories(isSealed);
  let cell: ControlCell | "damaged" | undefined;
  let head: AuditHead | undefined;
  const isHead = ({ partition }: Item): boolean => partition === `audit#${account}`;
  const cellKey = { partition: `cell#${account}`, sort: "cell" };
  const isCell = ({ partition }: Item): boolean => partition === cellKey.partition;
  const note = (item: Item, actor: Actor | undefined): void => {
    if (backedUpBy !== undefined) partitions.add(item.partition);
    if (isCell(item)) {
      const before = cell;
      const after = bodyOf(item, isSealed) as ControlCell;
      cell = after;
      observe({ type: "cellWritten", actor, before, after });
      tellTakeover(observe, before, after);
      return;
    }
    if (isHead(item)) {
      const before = head;
      head = bodyOf(item, isSealed) as AuditHead;
      observe({ type: "auditHeadWritten", actor, before, after: head });
      return;
    }
    noteTending(observe, item, actor);
    if (isPolicy(item)) tellRecord(observe, item, actor);
    if (!isOrders(item)) return;
    observe({ type: "eventsAppended", actor, ...histories.append(item) });
  };
  const noteRefused = (body: unknown, item: Item, condition: PutCondition, actor: Actor): void => {
    if (isHead(item)) tellHeadRefused(observe, body as AuditHead, actor, head);
    if (isCell(item)) tellCellRefused(observe, body as ControlCell, condition, actor, cell);
  };
  const storeItemsOf: LedgerStore["itemsOf"] = (actorOf) => {
    const store = backedUpBy === undefined ? table.store : whileThere(table);
    return {
      ...store,
      isTrusted: !isSealed,
      put: (item, condition) => {
        const actor = actorOf();
        return whenAnswered(store.put(item, condition), (stored) => {
          if (stored.ok) note(item, actor);
          else if (actor !== undefined) noteRefused(bodyOf(item, isSealed), item, condition, actor);
          return stored;
        });
      },
    };
  };
  return {
    itemsOf: storeItemsOf,
    storeOf: (actorOf) => toItemStore(storeItemsOf(actorOf)),
    cell: () => cell,
    eventsOf: histories.eventsOf,
    clientOrderIds: histories.ids,
    damageCell: async () =>
      cell !== undefined &&
      cell !== "damaged" &&
      damageAt(table, isSealed, cellKey, () => {
        cell = "damaged";
        observe({ type: "cellDamaged" });
      }),
    damageHistory: async (clientOrderId) => {
      const isDone = await damageItem(table, isSealed, histories.lastItemOf(clientOrderId));
      if (isDone) observe({ type: "historyDamaged", clientOrderId });
      return isDone;
    },
    isLost: () => table.isLost,
    source: () => table.source,
    lose: () => loseTable(table, observe),
    replace: async (rebuilt) => {
      const next = createTable(backedUpBy, table.number + 1);
      const items = await itemsOf(rebuilt, [...partitions]);
      await next.store.putMany(items);
      table = next;
      histories.clear();
      cell = undefined;
      for (const item of items) {
        if (isCell(item)) cell = bodyOf(item, isSealed) as ControlCell;
        else if (isOrders(item)) histories.append(item);
        else if (isHead(item) || isPolicy(item)) note(item, undefined);
      }
    },
  };
};

const isOrders = ({ partition }: Item): boolean => partition.startsWith("orders#");

const isPolicy = ({ partition }: Item): boolean => partition.startsWith("policy#");

const tellHeadRefused = (
  observe: Observe,
  attempted: AuditHead,
  actor: Actor,
  current: AuditHead | undefined,
): void => observe({ type: "auditHeadRefused", actor, attempted, current });

const tellCellRefused = (
  observe: Observe,
  attempted: ControlCell,
  condition: PutCondition,
  actor: Actor,
  current: ControlCell | "damaged" | undefined,
): void => {
  if (condition.type !== "revisionIs") return;
  observe({ type: "cellWriteRefused", actor, expected: condition.revision, attempted, current });
};

const tellRecord = (observe: Observe, item: Item, actor: Actor | undefined): void => {
  const isSpare = item.sort === "spare";
  observe({ type: "signedRecordWritten", actor, isSpare, document: item.document });
};

const tellTakeover = (
  observe: Observe,
  before: ControlCell | "damaged" | undefined,
  { activeRegion: to, epoch }: ControlCell,
): void => {
  if (before === undefined || before === "damaged" || before.activeRegion === to) return;
  observe({ type: "takeover", from: before.activeRegion, to, epoch });
};

/** Every order's events, as they were appended. */
const createHistories = (isSealed: boolean) => {
  const histories = new Map<string, OrderEvent[]>();
  const lastItems = new Map<string, Item>();
  return {
    append: (item: Item) => {
      const [, clientOrderId = "", sequence = ""] = item.sort.split("#");
      const events = bodyOf(item, isSealed) as readonly OrderEvent[];
      const history = histories.get(clientOrderId);
      if (history === undefined) histories.set(clientOrderId, [...events]);
      else history.push(...events);
      lastItems.set(clientOrderId, item);
      return { clientOrderId, sequence: Number(sequence), events };
    },
    eventsOf: (clientOrderId: string): readonly OrderEvent[] => histories.get(clientOrderId) ?? [],
    ids: (): readonly string[] => [...histories.keys()],
    lastItemOf: (clientOrderId: string) => lastItems.get(clientOrderId),
    clear: () => {
      histories.clear();
      lastItems.clear();
    },
  };
};

/** What healing and the probe write beside the account's cell. */
const noteTending = (
  observe: Observe,
  { partition, document }: Item,
  actor: Actor | undefined,
): void => {
  if (actor === undefined || !isTending(actor.functionName)) return;
  observe({ type: "tendingWrote", actor, table: "ledger", partition, document });
};

/** The functions that look after the others, and trade nothing. */
export const isTending = (name: FunctionName): boolean =>
  name === "run-diagnostics" || name === "probe-pipeline";

/** What was written; its writer's type still holds, because nothing has touched it since. */
const bodyOf = ({ document }: Item, isSealed: boolean): unknown =>
  isSealed ? (document as { readonly body: unknown }).body : document;

const loseTable = (table: Table, observe: Observe): void => {
  table.isLost = true;
  observe({ type: "ledgerLost" });
};

/** At once where the table answers at once: nothing is written between. */
const damageAt = (
  table: Table,
  isSealed: boolean,
  key: ItemKey,
  tell: () => void,
): boolean | Promise<boolean> =>
  whenAnswered(table.store.get(key), (item) =>
    whenAnswered(damageItem(table, isSealed, item), (isDone) => {
      if (isDone) tell();
      return isDone;
    }),
  );

const damageItem = (
  { store }: Table,
  isSealed: boolean,
  item: Item | undefined,
): boolean | Promise<boolean> => {
  if (item === undefined || !isSealed) return false;
  const put = store.putMany([{ ...item, document: damaged(item.document) }]);
  return whenAnswered(put, () => true);
};

const damaged = (document: unknown): unknown => ({ ...(document as object), digest: "damaged" });
