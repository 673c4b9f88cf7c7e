import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/**
 * (2) Every request that reaches the broker has an earlier claim that was stored: of the same order,
 * quantity and invocation, against the very cell that the guard approved it against, in the epoch
 * that the cell had. One claim sends once. And what is sent is what was decided and recorded: at its
 * price, an entry whole and with its bracket, an exit for no more.
 */
export const claimedBeforeSent: Invariant = {
  name: "claimed-before-sent",
  judge: judgeOf(["brokerRequestArrived"], (observation, { facts, view }) => {
    const { intent, cellVersion, actor } = observation;
    const { clientOrderId } = intent;
    const made = facts.claimAt(clientOrderId, cellVersion);
    if (made === undefined) {
      return broken("A request is at the broker, and no claim was stored for it.", clientOrderId);
    }
    if (made.actor.invocation !== actor.invocation) {
      return broken("A function sent an order under another one's claim.", clientOrderId);
    }
    if (made.requests > 0) return broken("One claim was sent twice.", clientOrderId);
    const { symbol, side, quantity } = made.claim;
    const isAlike =
      symbol === intent.symbol && side === intent.side && quantity === intent.quantity;
    if (!isAlike) return broken("What was sent is not what was claimed.", clientOrderId);
    return isAsDecided(view.eventsOf(clientOrderId)[0], intent)
      ? HOLDS
      : broken("What was sent is not what was decided.", clientOrderId);
  }),
};

/** What no history tells of is judged elsewhere. */
const isAsDecided = (first: OrderEvent | undefined, sent: OrderIntent): boolean => {
  if (first?.type !== "intentRecorded") return true;
  const { intent: decided } = first;
  const isWhole =
    sent.purpose === "exit"
      ? sent.quantity <= decided.quantity
      : sent.quantity === decided.quantity && sent.protection !== null;
  return isWhole && termsOf(sent) === termsOf(decided);
};

const termsOf = ({ symbol, side, purpose, pricing, protection }: OrderIntent): string =>
  canonicalJson({ symbol, side, purpose, pricing, protection });
