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

const toSeal = (
  store: ItemStore,
  items: readonly Item[],
): Result<OrderSeal | undefined, LedgerCorrupt> => {
  const [first] = items;
  if (first === undefined) return ok(undefined);
  const end = endOf(store, items);
  if (!end.ok) return end;
  const { events, head } = end.value;
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

/** A trusted store seals nothing: what it holds is digested as it is. */
const endOf = ({ isTrusted }: ItemStore, items: readonly Item[]): Result<End, LedgerCorrupt> => {
  const history = readHistory(items, isTrusted);
  if (!history.ok) return history;
  const { events, head } = history.value;
  return ok({ events, head: head ?? digestOfRuns(items, events) });
};

type End = { readonly events: readonly OrderEvent[]; readonly head: string };

/** What a history's runs were digested to, by the last of them. */
type Digested = { readonly runs: readonly unknown[]; readonly digest: string };

/** Runs in a trusted store are the very objects that were put there, and nobody changes them. */
const DIGESTED = new WeakMap<object, Digested>();

const digestOfRuns = (items: readonly Item[], events: readonly OrderEvent[]): string => {
  const last = items.at(-1)?.document;
  if (typeof last !== "object" || last === null) return digestOf(events);
  const known = DIGESTED.get(last);
  if (known !== undefined && areRuns(known.runs, items)) return known.digest;
  const digest = digestOf(events);
  DIGESTED.set(last, { runs: items.map(({ document }) => document), digest });
  return digest;
};

const areRuns = (runs: readonly unknown[], items: readonly Item[]): boolean =>
  runs.length === items.length && runs.every((run, index) => run === items[index]?.document);

const digestOf = (events: readonly OrderEvent[]): string => sha256(canonicalJson(events));

const corrupt = (item: Item, detail: string): Result<never, LedgerCorrupt> =>
  err({ type: "LedgerCorrupt", key: `${item.partition}/${item.sort}`, detail });
