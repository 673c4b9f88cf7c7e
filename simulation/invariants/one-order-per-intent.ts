import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/**
 * (1) At most one broker order per intent, ever. Whatever a function sends carries the id of an
 * intent that is recorded, the broker has one order under an id, and a decision has one id: a second
 * order that differs in its revision alone is a second order.
 */
export const createOneOrderPerIntent = (): Invariant => {
  const brokerIds = new Map<string, string>();
  const idsOfDecisions = new Map<string, string>();
  return {
    name: "one-order-per-intent",
    judge: judgeOf(["brokerRequestArrived", "brokerOrderChanged"], (observation, { view }) => {
      if (observation.type === "brokerRequestArrived") {
        const { clientOrderId } = observation.intent;
        const [first] = view.eventsOf(clientOrderId);
        return first?.type === "intentRecorded" && first.intent.clientOrderId === clientOrderId
          ? HOLDS
          : broken("An order was sent that no recorded intent has the id of.", clientOrderId);
      }
      const { id, clientOrderId, parentId } = observation.order;
      if (parentId !== undefined || parseClientOrderId(clientOrderId) === undefined) return HOLDS;
      const known = brokerIds.get(clientOrderId);
      if (known === id) return HOLDS;
      brokerIds.set(clientOrderId, id);
      if (known !== undefined) {
        return broken("The broker has two orders under one client order id.", clientOrderId);
      }
      const decision = clientOrderId.slice(0, clientOrderId.lastIndexOf("_"));
      const other = idsOfDecisions.get(decision);
      idsOfDecisions.set(decision, clientOrderId);
      return other === undefined
        ? HOLDS
        : broken(`One decision became two orders: ${other} too.`, clientOrderId);
    }),
  };
};
