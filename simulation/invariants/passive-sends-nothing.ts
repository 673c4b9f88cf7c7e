import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/**
 * (9) The passive Region sends nothing: no order, and no cancellation. A function that was at work
 * when its Region lost the account may still have been, since what it decided before cannot be
 * stopped; the fence stops what it decides after that.
 */
export const passiveSendsNothing: Invariant = {
  name: "passive-sends-nothing",
  judge: judgeOf(["brokerRequestArrived", "cancelAsked"], (observation, { facts }) => {
    const { actor } = observation;
    if (facts.heldSince(actor.region, facts.startedAtMs(actor))) return HOLDS;
    return observation.type === "cancelAsked"
      ? broken(`${actor.region} asked for a cancellation, and is passive.`)
      : broken(`${actor.region} sent an order, and is passive.`, observation.intent.clientOrderId);
  }),
};
