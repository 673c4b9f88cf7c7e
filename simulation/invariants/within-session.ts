import { marketPhase } from "../../shared/domain/market/calendar.ts";
import { broken, HOLDS, type Invariant, judgeOf, SKEW_MAX_MS } from "./invariant.ts";

/**
 * (7) No order leaves outside its session, after it stopped being valid, or after the moment that
 * its claim named. What the network does to it afterwards nobody can hold.
 */
export const withinSession: Invariant = {
  name: "within-session",
  judge: judgeOf(["brokerRequestArrived"], (observation, { facts }) => {
    const { intent, sentAtMs, cellVersion } = observation;
    const { clientOrderId, sessionDate, validUntilMs } = intent;
    const sessions = [sentAtMs - SKEW_MAX_MS, sentAtMs + SKEW_MAX_MS].map(marketPhase);
    const isOpen = sessions.some(
      ({ phase, session }) => phase === "open" && session?.date === sessionDate,
    );
    if (!isOpen) return broken("An order was sent outside its session.", clientOrderId);
    if (sentAtMs > validUntilMs + SKEW_MAX_MS) {
      return broken("An order was sent after it had stopped being valid.", clientOrderId);
    }
    const made = facts.claimAt(clientOrderId, cellVersion);
    if (made === undefined) return HOLDS;
    // The time that a claim gives is counted on a clock that is never set.
    const { submitByMs, claimedAtMs } = made.claim;
    return sentAtMs > made.atMs + (submitByMs - claimedAtMs)
      ? broken("An order was sent after the moment that its claim named.", clientOrderId)
      : HOLDS;
  }),
};
