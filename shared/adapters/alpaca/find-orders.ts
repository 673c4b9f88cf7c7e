import { ok } from "../../domain/result.ts";
import type { BrokerOrder } from "../../domain/orders/broker-state.ts";
import type { Broker } from "../../ports/broker.ts";
import type { VendorReader } from "../http/vendor-reader.ts";
import { AlpacaList, AlpacaOrder, isForeignAsset, lacksLegs } from "./order-contract.ts";
import { afterOf, PAGE_SIZE } from "./read-all-orders.ts";

/**
 * Makes the look-up of several orders: one page of all that was submitted since the earliest of
 * them, whatever became of it. Open orders would not do: the list of those, nested, is said to
 * leave out a bracket whose entry is filled, and a stop that is held is not in it either way.
 */
export const createFindOrders =
  (reader: VendorReader): Broker["findOrders"] =>
  async (asked) => {
    const found = new Map<string, BrokerOrder>();
    if (asked.length === 0) return ok(found);
    const after = afterOf(Math.floor(Math.min(...asked.map(({ sinceMs }) => sinceMs))));
    const path = `/v2/orders?status=all&limit=${PAGE_SIZE}&direction=asc&nested=true${after}`;
    const list = await reader.read(path, AlpacaList);
    if (!list.ok) return list;
    const ids = new Set<string>(asked.map(({ clientOrderId }) => clientOrderId));
    for (const element of list.value.value) {
      if (isForeignAsset(element)) continue;
      const order = AlpacaOrder.safeParse(element);
      // What of ours cannot be read, or came without its bracket, is looked up by itself.
      if (!order.success || lacksLegs(element) || !ids.has(order.data.clientOrderId)) continue;
      found.set(order.data.clientOrderId, order.data);
    }
    return ok(found);
  };
