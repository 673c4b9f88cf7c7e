import { err, ok, type Result } from "../../domain/result.ts";
import type { BrokerOrder } from "../../domain/orders/broker-state.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { VendorReader } from "../http/vendor-reader.ts";
import { AlpacaList, AlpacaOrder, isForeignAsset } from "./order-contract.ts";
import { readElements } from "./read-elements.ts";

/** The most that Alpaca lists at once. */
export const PAGE_SIZE = 500;
const PAGES_MAX = 20;

/** Which orders; with `isNested` the legs of a bracket stand below its entry, not beside it. */
type OrdersQuery = {
  readonly status: "open" | "all";
  readonly isNested: boolean;
  /** Epoch milliseconds, inclusive; absent: from the first one on. */
  readonly sinceMs?: number;
};

/**
 * Every order that is asked for, oldest first, page by page. Pages overlap by a millisecond, so
 * that orders of one moment are not lost between them; what cannot be read to its end is a fault,
 * never a part.
 */
export const readAllOrders = async (
  reader: VendorReader,
  { sinceMs, ...query }: OrdersQuery,
): Promise<Result<readonly BrokerOrder[], VendorFault>> => {
  const orders = new Map<string, BrokerOrder>();
  let after = sinceMs === undefined ? "" : afterOf(Math.floor(sinceMs));
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page = await readPage(reader, query, after);
    if (!page.ok) return page;
    const countBefore = orders.size;
    for (const order of page.value.orders) orders.set(order.brokerOrderId, order);
    if (page.value.length < PAGE_SIZE) return ok([...orders.values()]);
    const newestAtMs = page.value.orders.at(-1)?.submittedAtMs ?? undefined;
    if (newestAtMs === undefined || orders.size === countBefore) break;
    after = afterOf(newestAtMs);
  }
  return err(reader.fault("UNKNOWN", `The ${query.status} orders could not be read to their end.`));
};

/** The part of a query that asks for what was submitted at `fromMs`, epoch ms, or later. */
export const afterOf = (fromMs: number): string =>
  `&after=${encodeURIComponent(new Date(fromMs - 1).toISOString())}`;

type Page = {
  readonly orders: readonly BrokerOrder[];
  /** With those that are none of ours to know. */
  readonly length: number;
};

const readPage = async (
  reader: VendorReader,
  { status, isNested }: OrdersQuery,
  after: string,
): Promise<Result<Page, VendorFault>> => {
  const path = `/v2/orders?status=${status}&limit=${PAGE_SIZE}&direction=asc&nested=${isNested}${after}`;
  const list = await reader.read(path, AlpacaList);
  if (!list.ok) return list;
  const elements = list.value.value;
  const equities = elements.filter((element) => !isForeignAsset(element));
  const orders = readElements(reader, equities, AlpacaOrder);
  return orders.ok ? ok({ orders: orders.value, length: elements.length }) : orders;
};
