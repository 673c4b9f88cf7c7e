import { canonicalJson } from "../../domain/canonical-json.ts";
import type { OrderSeal } from "../../domain/audit/order-seal.ts";
import { RetryableError } from "../../domain/fault.ts";
import { parseClientOrderId } from "../../domain/orders/client-order-id.ts";
import { orderFromEvents } from "../../domain/orders/order.ts";
import type { OrderEvent } from "../../domain/orders/order-event.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { LedgerCorrupt } from "../../ports/ledger.ts";
import type { HistoryEnd, OrderSeals } from "../../ports/order-seals.ts";
import { sha256 } from "../host/digest.ts";
import { readHistory } from "./history.ts";
import type { Item, ItemStore } from "./item-store.ts";
import { itemsOf, ordersPartition } from "./order-items.ts";
import { unlessUnavailable } from "./unless-unavailable.ts";

const PAGE_ITEMS = 500;
const PAGES_MAX = 200;

/** The digests of orders' histories, from the items that the ledger keeps them in. */
export const createStoredOrderSeals = (store: ItemStore): OrderSeals => ({
  listSince: (account, sessionDate, fromMinute) =>
    unlessUnavailable(async () => {
      const partition = ordersPartition(account, sessionDate.replaceAll("-", ""));
      const seals: OrderSeal[] = [];
      for (const items of await groupsSince(store, partition, fromMinute)) {
        const seal = toSeal(store, items);
        if (seal.ok && seal.value !== undefined) seals.push(seal.value);
      }
      return ok(seals);
    }),
  load: (clientOrderId) =>
    unlessUnavailable(async () => toSeal(store, await itemsOf(store, clientOrderId))),
  loadEnds: (clientOrderId) =>
    unlessUnavailable(async () => {
      const items = await itemsOf(store, clientOrderId);
      const ends: HistoryEnd[] = [];
      for (const index of items.keys()) {
        const end = endOf(store, items.slice(0, index + 1));
        if (!end.ok) return end;
        ends.push({ events: end.value.events.length, head: end.value.head });
      }
      return ok(ends);
    }),
});

/** The items of each order that was decided in this minute or later, oldest first. */
const groupsSince = async (
  store: ItemStore,
  partition: string,
  fromMinute: string,
): Promise<readonly (readonly Item[])[]> => {
  const orders = new Map<string, Item[]>();
  // A key begins with its minute and `#`, so that the bare minute stands before all of them.
  let after = fromMinute;
  for (let page = 0; page < PAGES_MAX; page++) {
    const items = await store.query({
      partition,
      sortPrefix: "",
      direction: "forward",
      limit: PAGE_ITEMS,
      after,
    });
    for (const item of items) {
      const name = item.sort.slice(0, item.sort.lastIndexOf("#"));
      const known = orders.get(name);
      if (known === undefined) orders.set(name, [item]);
      else known.push(item);
    }
    const last = items.at(-1);
    if (items.length < PAGE_ITEMS || last === undefined) return [...orders.values()];
    after = last.sort;
  }
  throw new RetryableError("A session holds more events than can be sealed at once.");
};

type Seal = Result<OrderSeal | undefined, LedgerCorrupt>;

const toSeal = (store: ItemStore, items: readonly Item[]): Seal => {
  const [first] = items;
  if (first === undefined) return ok(undefined);
  const end = endOf(store, items);
  if (!end.ok) return end;
  end.value.seal ??= sealOf(first, end.value);
  return end.value.seal;
};

const sealOf = (first: Item, { events, head }: End): Seal => {
  const order = orderFromEvents(events);
  if (!order.ok || order.value === undefined) {
    return corrupt(first, "The history tells of no order.");
  }
  const { intent, state } = order.value;
  // What another program put there under a name of its own is not ours to seal.
  if (parseClientOrderId(intent.clientOrderId) === undefined) return ok(undefined);
  const denials = state.name === "denied" ? state.denials.map(({ reason }) => reason) : [];
  const { clientOrderId } = intent;
  return ok({ clientOrderId, events: events.length, head, state: state.name, denials });
};

/** What a history's items came to, and what is sealed of it once somebody has asked. */
type End = {
  readonly items: readonly Item[];
  readonly isTrusted: boolean;
  readonly events: readonly OrderEvent[];
  readonly head: string;
  seal: Seal | undefined;
};

/**
 * By a history's last item. Items are never changed, so that the very objects that were read once
 * come to the same again. A database gives back other objects with every read, and each is read;
 * memory gives back the same ones, and what is damaged in it is another.
 */
const ENDS = new WeakMap<Item, End>();

/** A trusted store seals nothing: what it holds is digested as it is. */
const endOf = ({ isTrusted }: ItemStore, items: readonly Item[]): Result<End, LedgerCorrupt> => {
  const last = items.at(-1);
  const known = last === undefined ? undefined : ENDS.get(last);
  if (known?.isTrusted === isTrusted && areSame(known.items, items)) return ok(known);
  const history = readHistory(items, isTrusted);
  if (!history.ok) return history;
  const { events, head } = history.value;
  const end: End = { items, isTrusted, events, head: head ?? digestOf(events), seal: undefined };
  if (last !== undefined) ENDS.set(last, end);
  return ok(end);
};

const areSame = (left: readonly Item[], right: readonly Item[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);

const digestOf = (events: readonly OrderEvent[]): string => sha256(canonicalJson(events));

const corrupt = (item: Item, detail: string): Result<never, LedgerCorrupt> =>
  err({ type: "LedgerCorrupt", key: `${item.partition}/${item.sort}`, detail });
