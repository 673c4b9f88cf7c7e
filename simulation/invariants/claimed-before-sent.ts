import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/**
 * (2) Every request that reaches the broker has an earlier claim that was stored: of the same order,
 * quantity and invocation, against the very cell that the guard approved it against, in the epoch
 * that the cell had. One claim sends once.
 */
export const claimedBeforeSent: Invariant = {
  name: "claimed-before-sent",
  judge: judgeOf(["brokerRequestArrived"], (observation, { facts }) => {
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
    return isAlike ? HOLDS : broken("What was sent is not what was claimed.", clientOrderId);
  }),
};
