import type { Exchange } from "../core/exchange.ts";
import type { Order } from "../core/order.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import type { RouteAnswer } from "./api.ts";

/** Orders that faults hide or fill late are few; more are forgotten oldest first. */
const REMEMBERED_MAX = 1_000;

/** Orders that the hideOrder fault keeps out of sight, with their legs. */
export const createHiddenOrders = (exchange: Exchange) => {
  const untilMs = new Map<string, number>();
  return {
    isHidden: (order: Order): boolean =>
      (untilMs.get(order.parentId ?? order.id) ?? 0) > exchange.nowMs(),
    afterSubmission: (
      faults: FaultControl,
      line: string,
      { body }: RouteAnswer,
      nowMs: number,
    ): void => {
      if (body === null || typeof body !== "object" || !("id" in body)) return;
      if (typeof body.id !== "string") return;
      const fault = faults.strike("hideOrder", line);
      if (fault !== undefined) remember(untilMs, body.id, nowMs + fault.forMs);
    },
  };
};

/** Cancelled orders that the fillAfterCancel fault fills all the same. */
export const createLateFills = (exchange: Exchange) => {
  const dueAtMs = new Map<string, number>();
  return {
    plan: (faults: FaultControl, line: string, path: string, nowMs: number): void => {
      const id = /^\/v2\/orders\/([^/]+)$/.exec(path)?.[1];
      const fault = id === undefined ? undefined : faults.strike("fillAfterCancel", line);
      if (id !== undefined && fault !== undefined) remember(dueAtMs, id, nowMs + fault.delayMs);
    },
    run: (nowMs: number): void => {
      for (const [id, atMs] of dueAtMs) {
        if (atMs > nowMs) continue;
        // While the cancellation is pending the late report waits for it.
        const order = exchange.getOrder(id);
        if (order?.status === "pending_cancel") continue;
        exchange.fillAfterCancel(id, nowMs);
        dueAtMs.delete(id);
      }
    },
  };
};

const remember = (times: Map<string, number>, id: string, atMs: number): void => {
  const [oldest] = times.keys();
  if (times.size >= REMEMBERED_MAX && oldest !== undefined) times.delete(oldest);
  times.set(id, atMs);
};
