import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import type { Item, ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Actor, FunctionName } from "../observation.ts";
import type { Observe } from "../world/observe.ts";

/**
 * The ledger's table: strongly consistent, one for all Regions. It sees every write in the one
 * order in which they took effect, and can be read past every fault.
 */
export type LedgerStore = {
  /** The table as an actor writes it; `undefined` is someone who is no function. */
  readonly storeOf: (actorOf: () => Actor | undefined) => ItemStore;
  readonly cell: () => ControlCell | "damaged" | undefined;
  readonly eventsOf: (clientOrderId: string) => readonly OrderEvent[];
  readonly clientOrderIds: () => readonly string[];
  /** Damages the stored cell so that no checksum holds; false where there is none or no checksum. */
  readonly damageCell: () => Promise<boolean>;
  /** The same with the newest events of an order. */
  readonly damageHistory: (clientOrderId: string) => Promise<boolean>;
};

/**
 * An empty table. `isSealed` stores what the cloud stores, under checksums; without it objects are
 * kept as they are, which is ten times as fast and cannot be damaged.
 */
export const createLedgerStore = (
  observe: Observe,
  { isSealed, account }: { readonly isSealed: boolean; readonly account: string },
): LedgerStore => {
  const memory = createMemoryItemStore();
  const histories = new Map<string, OrderEvent[]>();
  const lastItems = new Map<string, Item>();
  let cell: ControlCell | "damaged" | undefined;
  const isCell = ({ partition }: Item): boolean => partition === `cell#${account}`;
  const note = (item: Item, actor: Actor | undefined): void => {
    if (isCell(item)) {
      const after = bodyOf(item, isSealed) as ControlCell;
      const before = cell;
      cell = after;
      observe({ type: "cellWritten", actor, before, after });
      if (before === undefined || before === "damaged") return;
      const { activeRegion: from } = before;
      const { activeRegion: to, epoch } = after;
      if (from !== to) observe({ type: "takeover", from, to, epoch });
      return;
    }
    noteTending(observe, item, actor);
    if (item.partition === `policy#${account}`) {
      const isSpare = item.sort === "spare";
      observe({ type: "signedRecordWritten", actor, isSpare, document: item.document });
    }
    if (!item.partition.startsWith("orders#")) return;
    const [, clientOrderId = "", sequence = ""] = item.sort.split("#");
    const events = bodyOf(item, isSealed) as readonly OrderEvent[];
    const history = histories.get(clientOrderId);
    if (history === undefined) histories.set(clientOrderId, [...events]);
    else history.push(...events);
    lastItems.set(clientOrderId, item);
    observe({ type: "eventsAppended", actor, clientOrderId, sequence: Number(sequence), events });
  };
  const damage = async (item: Item | undefined): Promise<boolean> => {
    if (item === undefined || !isSealed) return false;
    await memory.putMany([{ ...item, document: damaged(item.document) }]);
    return true;
  };
  return {
    storeOf: (actorOf) => ({
      ...memory,
      isTrusted: !isSealed,
      put: async (item, condition) => {
        const actor = actorOf();
        const stored = await memory.put(item, condition);
        if (stored.ok) note(item, actor);
        else if (actor !== undefined && isCell(item) && condition.type === "revisionIs") {
          const attempted = bodyOf(item, isSealed) as ControlCell;
          observe({
            type: "cellWriteRefused",
            actor,
            expected: condition.revision,
            attempted,
            current: cell,
          });
        }
        return stored;
      },
    }),
    cell: () => cell,
    eventsOf: (clientOrderId) => histories.get(clientOrderId) ?? [],
    clientOrderIds: () => [...histories.keys()],
    damageCell: async () => {
      if (cell === undefined || cell === "damaged") return false;
      const isDone = await damage(
        await memory.get({ partition: `cell#${cell.account}`, sort: "cell" }),
      );
      if (!isDone) return false;
      cell = "damaged";
      observe({ type: "cellDamaged" });
      return true;
    },
    damageHistory: async (clientOrderId) => {
      const isDone = await damage(lastItems.get(clientOrderId));
      if (isDone) observe({ type: "historyDamaged", clientOrderId });
      return isDone;
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

const damaged = (document: unknown): unknown => ({ ...(document as object), digest: "damaged" });
