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

/** Where all of an order's events lie. */
type Place = {
  readonly clientOrderId: ClientOrderId;
  readonly partition: string;
  readonly prefix: string;
};

const placeOf = (clientOrderId: ClientOrderId): Place => {
  if (lastPlace?.clientOrderId === clientOrderId) return lastPlace;
  const account = accountOfClientOrderId(clientOrderId);
  const partition = ordersPartition(account, sessionOfClientOrderId(clientOrderId));
  // The minute of the decision stands first: a session reads backward as newest first.
  const prefix = `${clientOrderId.split("_")[5] ?? ""}#${clientOrderId}#`;
  lastPlace = { clientOrderId, partition, prefix };
  return lastPlace;
};

// One order's events are asked for several times before the next one's.
let lastPlace: Place | undefined;

/** Where the run of an order's events that begins with this number lies. */
export const eventsKey = (clientOrderId: ClientOrderId, sequence: number): ItemKey => {
  const { partition, prefix } = placeOf(clientOrderId);
  return { partition, sort: prefix + sequenceToText(sequence) };
};

/** Every stored run of an order's events, oldest first. */
export const itemsOf = (
  store: ItemStore,
  clientOrderId: ClientOrderId,
): Promise<readonly Item[]> => {
  const { partition, prefix: sortPrefix } = placeOf(clientOrderId);
  return store.query({ partition, sortPrefix, direction: "forward", limit: EVENTS_MAX });
};
