import type { BrokerOrderStatus } from "../../domain/orders/broker-state.ts";

/** What Alpaca's word for an order's status means; a word it never documented is `unlisted`. */
export const orderStatusOf = (word: string): BrokerOrderStatus => MEANINGS.get(word) ?? "unlisted";

const MEANINGS: ReadonlyMap<string, BrokerOrderStatus> = new Map([
  // Received, and not yet at a venue.
  ["accepted", "pending"],
  ["pending_new", "pending"],
  ["accepted_for_bidding", "pending"],
  ["held", "pending"],
  ["pending_review", "pending"],
  // Not over: each of these may still fill, also while its end is being asked for.
  ["new", "working"],
  ["pending_cancel", "working"],
  ["pending_replace", "working"],
  ["stopped", "working"],
  ["suspended", "working"],
  ["calculated", "working"],
  ["done_for_day", "working"],
  ["partially_filled", "partiallyFilled"],
  ["filled", "filled"],
  ["canceled", "cancelled"],
  ["expired", "expired"],
  ["rejected", "rejected"],
  ["replaced", "replaced"],
]);
