import type { Mode } from "../domain/settings.ts";
import { ok } from "../domain/result.ts";
import type { Broker } from "../ports/broker.ts";

/** Why an order of shadow mode ends; its history says so. */
export const WITHHELD = "Shadow mode sends no order.";

/**
 * The broker as a mode may use it. In `shadow` every decision is made, guarded and claimed, and
 * then withheld here: nothing that changes anything reaches the broker. Orders that others have
 * there are not ours to know; positions, account and clock are the real ones. All other modes have
 * the broker itself.
 */
export const brokerOf = (mode: Mode, broker: Broker): Broker => {
  switch (mode) {
    case "shadow":
      return {
        ...broker,
        submitOrder: async () => ({ type: "withheld", detail: WITHHELD }),
        findOrder: async () => ok({ type: "notFound" }),
        findOrders: async () => ok(new Map()),
        listOpenOrders: async () => {
          const read = await broker.listOpenOrders();
          return read.ok ? ok([]) : read;
        },
        listOrders: async () => ok([]),
        cancelOrder: async () => ok(undefined),
        suspendTrading: async () => ok(undefined),
      };
    case "sim":
    case "paper":
    case "live":
      return broker;
  }
};
