import {
  accountOfClientOrderId,
  type ClientOrderId,
  sessionOfClientOrderId,
} from "../../domain/orders/client-order-id.ts";
import { sequenceToText } from "./history.ts";
import type { Item, ItemKey, ItemStore } from "./item-store.ts";

/** More events than an order can gather in a session; also what five digits can sort. */
export const EVENTS_MAX = 10_000;

/** Where the orders of an account's session lie, the session as `yyyymmdd`. */
export const ordersPartition = (account: string, session: string): string =>
  `orders#${account}#${session}`;

/** The minute of the decision stands first, so that a session reads backward as newest first. */
const eventsPrefix = (clientOrderId: ClientOrderId): string =>
  `${clientOrderId.split("_")[5] ?? ""}#${clientOrderId}#`;

/** Where the run of an order's events that begins with this number lies. */
export const eventsKey = (clientOrderId: ClientOrderId, sequence: number): ItemKey => ({
  partition: ordersPartition(
    accountOfClientOrderId(clientOrderId),
    sessionOfClientOrderId(clientOrderId),
  ),
  sort: eventsPrefix(clientOrderId) + sequenceToText(sequence),
});

/** Every stored run of an order's events, oldest first. */
export const itemsOf = (
  store: ItemStore,
  clientOrderId: ClientOrderId,
): Promise<readonly Item[]> => {
  const { partition } = eventsKey(clientOrderId, 0);
  const sortPrefix = eventsPrefix(clientOrderId);
  return store.query({ partition, sortPrefix, direction: "forward", limit: EVENTS_MAX });
};
