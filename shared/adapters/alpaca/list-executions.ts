import * as z from "zod";
import type { Execution } from "../../domain/orders/broker-state.ts";
import { err, ok } from "../../domain/result.ts";
import type { Broker } from "../../ports/broker.ts";
import type { VendorReader } from "../http/vendor-reader.ts";
import { AlpacaList } from "./order-contract.ts";
import { readElements } from "./read-elements.ts";
import { PriceText, QuantityText, TimeText } from "./wire-types.ts";

const PAGE_SIZE = 100;
const PAGES_MAX = 50;

const AlpacaFill = z
  .object({
    id: z.string().min(1),
    order_id: z.string().min(1),
    qty: QuantityText,
    price: PriceText,
    transaction_time: TimeText,
  })
  .transform((wire): Execution => ({
    executionId: wire.id,
    brokerOrderId: wire.order_id,
    quantity: wire.qty,
    price: wire.price,
    atMs: wire.transaction_time,
  }));

/**
 * The account's trades from its activities, page by page. What cannot be read to its end is a
 * fault, never a part. Repeats are left in: an execution is known by its id.
 */
export const createListExecutions =
  (reader: VendorReader): Broker["listExecutions"] =>
  async (sinceMs) => {
    const executions: Execution[] = [];
    const after = encodeURIComponent(new Date(Math.floor(sinceMs) - 1).toISOString());
    let token = "";
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const query = `direction=asc&page_size=${PAGE_SIZE}&after=${after}${token}`;
      const list = await reader.read(`/v2/account/activities/FILL?${query}`, AlpacaList);
      if (!list.ok) return list;
      const page = readElements(reader, list.value.value, AlpacaFill);
      if (!page.ok) return page;
      executions.push(...page.value);
      const last = page.value.at(-1);
      if (page.value.length < PAGE_SIZE || last === undefined) return ok(executions);
      token = `&page_token=${encodeURIComponent(last.executionId)}`;
    }
    return err(reader.fault("UNKNOWN", "The executions could not be read to their end."));
  };
