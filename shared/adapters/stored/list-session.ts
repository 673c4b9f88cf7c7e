import { RetryableError } from "../../domain/fault.ts";
import type { Item, ItemStore } from "./item-store.ts";

const PAGE_ITEMS = 500;
const PAGES_MAX = 200;

/**
 * The items of a session's newest orders, each order's oldest first: at least `limit` orders where
 * the session has as many, and every order of the oldest minute among them, so that the caller can
 * sort within a minute. Throws `RetryableError` rather than return a list cut short.
 */
export const listSession = async (
  store: ItemStore,
  partition: string,
  limit: number,
): Promise<readonly (readonly Item[])[]> => {
  const orders = new Map<string, Item[]>();
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const items = await store.query({
      partition,
      sortPrefix: "",
      direction: "backward",
      limit: PAGE_ITEMS,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of items) {
      const name = orderOf(item);
      const known = orders.get(name);
      if (known === undefined) orders.set(name, [item]);
      else known.push(item);
    }
    const names = [...orders.keys()];
    const isWhole = items.length < PAGE_ITEMS;
    if (isWhole || isPastLimit(names, limit)) {
      // The page may end within its last order, which is one too many anyway.
      const wanted = isWhole ? names : names.slice(0, -1);
      return wanted.map((name) => (orders.get(name) ?? []).toReversed());
    }
    after = items.at(-1)?.sort;
  }
  throw new RetryableError("A session holds more events than can be listed.");
};

const orderOf = (item: Item): string => item.sort.slice(0, item.sort.lastIndexOf("#"));

/** Whether the last order seen was decided in an earlier minute than the last one wanted. */
const isPastLimit = (names: readonly string[], limit: number): boolean =>
  names.length > limit && minuteOf(names[limit - 1]) !== minuteOf(names.at(-1));

const minuteOf = (name: string | undefined): string => name?.slice(0, 4) ?? "";
