import type { DenialReason } from "../../shared/domain/risk/denial.ts";
import type { Observation } from "../observation.ts";
import { type Sighting, sighting } from "./sighting.ts";

/** What is refused, and what goes on all the same. */
export const GUARD_SIGHTINGS: readonly Sighting[] = [
  sighting(
    ["eventsAppended"],
    "denied-for-missing-data",
    "an order was refused because a price or the account was missing or old",
    ["story 14", "defect 2", "defect 15"],
    denied("priceMissing", "quoteStale", "quoteUnconfirmed", "accountUnknown", "accountStale"),
  ),
  sighting(
    ["eventsAppended"],
    "denied-for-cooldown",
    "an entry was refused because the last one was too recent",
    ["story 3"],
    denied("cooldown"),
  ),
  sighting(
    ["eventsAppended"],
    "denied-until-reconciled",
    "an entry was refused until ledger and broker agree",
    ["defect 5"],
    denied("notReconciled", "tradingReducing"),
  ),
  sighting(
    ["eventsAppended"],
    "denied-while-halted",
    "an order was refused because trading was halted",
    ["story 11"],
    denied("tradingHalted"),
  ),
  sighting(
    ["eventsAppended"],
    "denied-in-passive-region",
    "an order was refused because another Region holds the account",
    [],
    denied("notActiveRegion"),
  ),
  {
    name: "redelivered-order-ignored",
    meaning: "an order's message came again after its claim, and nothing was sent",
    types: ["messageDelivered", "messageRemoved"],
    failures: ["defect 1"],
    create: () => {
      const again = new Set<string>();
      return (seen) => {
        if (seen.type === "messageDelivered" && seen.receiveCount > 1) again.add(seen.messageId);
        return (
          seen.type === "messageRemoved" &&
          seen.queue === "orders.fifo" &&
          again.delete(seen.messageId)
        );
      };
    },
  },
];

function denied(...reasons: readonly DenialReason[]): (seen: Observation) => boolean {
  const wanted = new Set(reasons);
  return (seen) =>
    seen.type === "eventsAppended" &&
    seen.events.some(
      (event) => event.type === "denied" && event.denials.some(({ reason }) => wanted.has(reason)),
    );
}
