import type { RequestLane } from "../../domain/budget/token-bucket.ts";
import { err, type Result } from "../../domain/result.ts";
import type { Broker } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RequestBudget } from "../../ports/request-budget.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";

/** What looking at an order or the account is for: where exits are sent it clears their way. */
export type LookUpLane = Extract<RequestLane, "exit" | "read">;

/**
 * The same broker within a budget of requests: what is refused here never leaves us, an order is
 * then certainly not sent, and a read is a fault of rate, never "nothing there". What the broker
 * itself refuses for its limit is noted, so that nobody asks on until it opens again.
 */
export const createBudgetedBroker = (
  broker: Broker,
  budget: RequestBudget,
  clock: Pick<Clock, "monotonicMs">,
  lookUps: LookUpLane = "read",
): Broker => {
  const within = async <Value>(
    lane: RequestLane,
    ask: () => Promise<Result<Value, VendorFault>>,
    requests = 1,
  ): Promise<Result<Value, VendorFault>> => {
    const answer = await budget.take(lane, requests);
    if (answer.type === "exhausted") return err(exhausted(answer.retryAtMs));
    const asked = await ask();
    if (!asked.ok && asked.error.class === "RATE_LIMIT") {
      await budget.noteRefusal(asked.error.retryAtMs);
    }
    return asked;
  };
  return {
    submitOrder: async (approved, deadlineMs) => {
      const askedAtMs = clock.monotonicMs();
      const answer = await budget.take(approved.order.purpose);
      if (answer.type === "exhausted") {
        const { retryAtMs } = answer;
        return { type: "notSent", detail: exhausted(retryAtMs).detail, retryAtMs };
      }
      // An order leaves within the time that its claim names, however long the budget took.
      const leftMs = deadlineMs - (clock.monotonicMs() - askedAtMs);
      if (leftMs <= 0) return { type: "notSent", detail: "The budget's store took too long." };
      const outcome = await broker.submitOrder(approved, leftMs);
      if (outcome.type === "notSent" && outcome.retryAtMs !== undefined) {
        await budget.noteRefusal(outcome.retryAtMs);
      }
      return outcome;
    },
    findOrder: (clientOrderId, withinMs) =>
      within(lookUps, () => broker.findOrder(clientOrderId, withinMs), REQUESTS_PER_LOOK_UP),
    findOrders: (asked) => within("read", () => broker.findOrders(asked)),
    listOpenOrders: () => within("read", broker.listOpenOrders),
    listPositions: () => within("read", broker.listPositions),
    readAccount: () => within(lookUps, broker.readAccount),
    readClock: () => within("read", broker.readClock),
    // Cancelling and suspending only ever reduce risk.
    cancelOrder: (brokerOrderId) => within("exit", () => broker.cancelOrder(brokerOrderId)),
    listExecutions: (sinceMs) => within("read", () => broker.listExecutions(sinceMs)),
    listOrders: (sinceMs) => within("read", () => broker.listOrders(sinceMs)),
    suspendTrading: () => within("exit", broker.suspendTrading),
  };
};

/** The order, and where it has a bracket its legs. */
const REQUESTS_PER_LOOK_UP = 2;

const exhausted = (retryAtMs: number): VendorFault => ({
  type: "VendorFault",
  vendor: "holdfast",
  class: "RATE_LIMIT",
  detail: "Our own budget of requests to the broker is used up.",
  retryAtMs,
});
